/* Lets this browser be told: it subscribes at its own push service, and the form carries that here. */

const form = document.getElementById("add-device");
const possible = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

function octets(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

async function subscribed() {
  await navigator.serviceWorker.register("/push-worker.js");
  const registration = await navigator.serviceWorker.ready;
  const old = await registration.pushManager.getSubscription();
  if (old) await old.unsubscribe();
  return registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: octets(form.dataset.key),
  });
}

async function add(event) {
  if (form.elements.endpoint.value) return;
  event.preventDefault();
  try {
    const said = (await subscribed()).toJSON();
    form.elements.endpoint.value = said.endpoint;
    form.elements.p256dh.value = said.keys.p256dh;
    form.elements.auth.value = said.keys.auth;
    form.submit();
  } catch {
    document.getElementById("device-refused").hidden = false;
  }
}

if (form && possible) {
  form.hidden = false;
  document.getElementById("device-impossible").hidden = true;
  form.addEventListener("submit", add);
}
