// Until a visitor chooses a time zone, free slots are shown by the clock of their own browser.
"use strict";
(() => {
  const form = document.querySelector("form[data-own-zone]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const choice = form && form.elements.namedItem("zone");
  if (!choice || choice.value === zone || ![...choice.options].some((each) => each.value === zone)) return;
  choice.value = zone;
  form.submit();
})();
