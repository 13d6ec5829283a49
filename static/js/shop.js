// What the shop adds to htmx. Every page works without this file; nothing here decides anything.
(() => {
  "use strict";

  const byId = (id) => document.getElementById(id);

  // --- Forms that must not be sent twice (data-once) ---
  // The checkout's key makes a second order impossible anyway; this spares people the doubt.

  const GIVE_UP_MS = 20_000; // a person who pressed "stop" gets the button back
  const GIVE_UP_UPLOAD_MS = 600_000; // files take their time on a phone

  function release(form) {
    form.removeAttribute("aria-busy");
    for (const button of form.querySelectorAll("[data-held]")) {
      button.disabled = false;
      delete button.dataset.held;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-once]")) return;
    if (form.getAttribute("aria-busy") === "true") {
      event.preventDefault();
      return;
    }
    form.setAttribute("aria-busy", "true");
    // Later, because a button disabled now would not send its own name and value along.
    setTimeout(() => {
      if (event.defaultPrevented && !form.hasAttribute("hx-post")) {
        release(form);
        return;
      }
      for (const button of form.querySelectorAll("[type=submit]:not(:disabled)")) {
        button.disabled = true;
        button.dataset.held = "";
      }
    });
    const isUpload = form.enctype === "multipart/form-data";
    setTimeout(() => release(form), isUpload ? GIVE_UP_UPLOAD_MS : GIVE_UP_MS);
  });

  // Coming back with the browser's back button shows the page as it was left: buttons held, menus open.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-once]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.target.closest?.("form[data-once]");
    if (form) release(form);
  });

  // --- Pictures that do not arrive leave their quiet square ---
  // `error` does not bubble, hence the capture; one that failed before this script ran is found by its size.

  const broken = (image) => image.closest(".picture")?.classList.add("picture--broken");
  document.addEventListener("error", (event) => {
    if (event.target instanceof HTMLImageElement) broken(event.target);
  }, true);
  for (const image of document.images) {
    if (image.complete && image.naturalWidth === 0 && image.getAttribute("src")) broken(image);
  }

  // --- Quantities: minus and plus ---

  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-step]");
    if (!button) return;
    const input = byId(button.getAttribute("aria-controls"));
    const before = input.value;
    if (button.dataset.step === "up") input.stepUp();
    else input.stepDown();
    // Setting a value by script is silent; htmx listens for `change`.
    if (input.value !== before) input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  // --- Boxes: all of a form at once, and how many are ticked; printing ---

  const boxesOf = (form) => [...form.querySelectorAll("tbody input[type=checkbox]")];
  document.addEventListener("change", (event) => {
    const box = event.target;
    const form = box.matches?.("form[data-once] input[type=checkbox]") ? box.form : null;
    const all = form?.querySelector("[data-tick-all]");
    if (!all) return;
    const boxes = boxesOf(form);
    if (box === all) for (const one of boxes) one.checked = all.checked;
    const ticked = boxes.filter((one) => one.checked).length;
    all.checked = ticked > 0 && ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    for (const told of form.querySelectorAll("[data-ticked]")) told.textContent = ticked;
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-print]")) print();
  });

  // --- Menus close when one looks elsewhere ---

  const openMenus = () => document.querySelectorAll("details[data-menu][open]");
  document.addEventListener("click", (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of openMenus()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  // --- Copying a code ---

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const source = byId(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      const words = button.querySelector("span");
      words.textContent = button.dataset.copied;
      announce(button.dataset.copied);
    } catch {
      // No permission, or no https: mark it, so that one key press copies it.
      getSelection().selectAllChildren(source);
    }
  });

  // --- Saying what changed to those who listen ---

  function announce(text) {
    const region = byId("announce");
    if (!region || !text) return;
    region.textContent = "";
    // A region that empties and fills in one go is not read out again.
    setTimeout(() => { region.textContent = text.trim(); }, 50);
  }

  // --- Toasts ---

  const TOAST_MS = 8_000;
  const FADE_MS = 300;

  function leave(toast) {
    toast.classList.add("toast--leaving");
    setTimeout(() => toast.remove(), FADE_MS);
  }

  function prepare(toast) {
    if (toast.dataset.ready !== undefined) return;
    toast.dataset.ready = "";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast__close";
    close.setAttribute("aria-label", byId("toasts").dataset.close);
    close.append("×");
    close.addEventListener("click", () => leave(toast));
    toast.append(close);
    let timer = setTimeout(() => leave(toast), TOAST_MS);
    // Nobody is hurried: a toast one points at, or has the keyboard in, stays.
    const stay = () => clearTimeout(timer);
    const go = () => { clearTimeout(timer); timer = setTimeout(() => leave(toast), TOAST_MS); };
    toast.addEventListener("pointerenter", stay);
    toast.addEventListener("focusin", stay);
    toast.addEventListener("pointerleave", go);
    toast.addEventListener("focusout", go);
  }

  function tell(text) {
    const toast = document.createElement("p");
    toast.className = "toast";
    const words = document.createElement("span");
    words.textContent = text;
    toast.append(words);
    byId("toasts").append(toast);
    prepare(toast);
  }

  // --- htmx ---

  // Addresses without the fields nobody filled in.
  document.addEventListener("htmx:configRequest", (event) => {
    const { verb, parameters } = event.detail;
    if (verb !== "get") return;
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  });

  // Our server's "no" is an answer to show: a toast (it says where by HX-Retarget) or a form with its errors (422).
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status < 400) return;
    if (xhr.getResponseHeader("HX-Retarget") || xhr.status === 422) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    } else {
      tell(byId("toasts").dataset.failed);
    }
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(name, () => tell(byId("toasts").dataset.offline));
  }

  // After a swap: say it, count the cart, and keep the keyboard near where it was. htmx itself gives the focus back to
  // an element with the same id; what is left is an element that is gone for good, whose block then takes its place.
  let hadFocus = false;
  document.addEventListener("htmx:beforeSwap", (event) => {
    hadFocus = event.detail.target?.contains(document.activeElement) ?? false;
  });
  document.addEventListener("htmx:load", (event) => {
    const fresh = event.detail.elt;
    if (fresh === document.body || !(fresh instanceof HTMLElement)) return;
    if (fresh.matches(".toast")) {
      prepare(fresh);
      return;
    }
    const said = fresh.matches("[data-announce]") ? fresh : fresh.querySelector("[data-announce]");
    if (said) announce(said.dataset.announce || said.textContent);
    if (fresh.dataset.cartCount !== undefined && byId("cart-count")) {
      const count = byId("cart-count");
      count.textContent = fresh.dataset.cartCount;
      count.hidden = fresh.dataset.cartCount === "0";
      byId("cart-label").textContent = fresh.dataset.cartLabel;
    }
    if (hadFocus && (document.activeElement === document.body || document.activeElement === null)) {
      fresh.focus({ preventScroll: true });
    }
    hadFocus = false;
  });
})();
