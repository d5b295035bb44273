/* Shows what a house or a company did, also when no page is open. It keeps nothing and fetches nothing. */

self.addEventListener("push", (event) => {
  const said = event.data?.json() ?? {};
  const shown = { tag: said.tag, data: { link: said.link ?? "/notifications" } };
  event.waitUntil(self.registration.showNotification(said.title ?? "EMERGE Booking", shown));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const address = new URL(event.notification.data.link, self.location.origin);
  if (address.origin !== self.location.origin) return;
  event.waitUntil(
    self.clients.matchAll({ type: "window", includeUncontrolled: true }).then((windows) => {
      const open = windows.find((each) => each.url === address.href);
      return open ? open.focus() : self.clients.openWindow(address.href);
    }),
  );
});
