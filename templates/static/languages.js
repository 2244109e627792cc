// The links to other languages and to the contact name the address of the page, which changes without a new page.
function followAddress(selector, address) {
  for (const link of document.querySelectorAll(selector)) {
    const update = () => { link.href = address(link); };
    for (const type of ["pointerdown", "focus", "mouseenter"]) link.addEventListener(type, update);
  }
}

followAddress("[data-language]", (link) => {
  const address = new URL(location.href);
  address.searchParams.set("lang", link.dataset.language);
  return address;
});
followAddress("a[href^='/contact?page=']", () => `/contact?${new URLSearchParams({ page: location.pathname + location.search + location.hash })}`);
