// Enhancement only: every page works without it, but for what changes while one looks.
"use strict";

// Times in the viewer's zone; UTC stays in the title.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
function showTimes(root) {
  const same = new Intl.DateTimeFormat("en-CA", {
    year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit",
    hourCycle: "h23" });
  for (const time of root.querySelectorAll("time[datetime]:not([data-shown])")) {
    const date = new Date(time.dateTime);
    if (isNaN(date)) continue;
    time.textContent = same.format(date).replace(",", "");
    time.title = `${time.title} (shown in ${zone})`;
    time.dataset.shown = "";
  }
}

// A button beside what is shown once: <button type="button" data-copy="id of an element" hidden>
function offerCopies(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
      button.textContent = "Copied";
    });
  }
}

// A box that sets and clears all boxes of its table: <input type="checkbox" data-all="name" hidden>
function offerAll(root) {
  for (const all of root.querySelectorAll("input[data-all]")) {
    all.hidden = false;
    all.addEventListener("change", () => {
      for (const box of document.getElementsByName(all.dataset.all)) box.checked = all.checked;
    });
  }
}

showTimes(document);
offerCopies(document);
offerAll(document);

// Time that is left, counted on: <span class="chip" data-left="milliseconds">
const ends = new WeakMap();
function leftText(left) {
  const minutes = Math.floor(left / 60000), hours = Math.floor(minutes / 60);
  if (minutes === 0) return left > 0 ? "under 1 min" : "none";
  if (minutes < 60) return `${minutes} min`;
  if (hours < 48) return `${hours} h ${minutes % 60} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
function countDown(root) {
  for (const chip of root.querySelectorAll("[data-left]")) {
    if (!ends.has(chip)) ends.set(chip, Date.now() + Number(chip.dataset.left));
    const left = Math.max(0, ends.get(chip) - Date.now()), hours = left / 3600000;
    chip.textContent = leftText(left);
    chip.classList.toggle("bad", hours < 4);
    chip.classList.toggle("warn", hours >= 4 && hours < 12);
  }
}
countDown(document);
setInterval(() => countDown(document), 10000);

// The queue of alerts: a current row, keys, and news without reloading.
function workQueue(form) {
  const news = document.getElementById("queue-news"), help = document.getElementById("queue-help");
  const rows = () => [...form.querySelectorAll("tr[data-id]")];
  const boxOf = (row) => row?.querySelector("input[name=id]");
  const boxes = () => [...form.querySelectorAll("input[name=id]")];
  const address = () => {
    const url = new URL(location.href);
    for (const name of ["notice", "n"]) url.searchParams.delete(name);
    return url.pathname + url.search;
  };
  const say = (text) => { news.textContent = ""; setTimeout(() => { news.textContent = text; }, 50); };
  let current = null;

  function setCurrent(row, { focus = false, scroll = false }) {
    for (const other of rows()) {
      other.classList.toggle("current", other === row);
      if (other === row) other.setAttribute("aria-current", "true"); else other.removeAttribute("aria-current");
    }
    current = row?.dataset.id ?? null;
    if (!row) return;
    if (focus) row.querySelector("a")?.focus({ preventScroll: true });
    if (scroll) row.scrollIntoView({ block: "nearest" });
  }
  const currentRow = () => rows().find((row) => row.dataset.id === current);

  function showChosen() {
    const count = boxes().filter((box) => box.checked).length;
    for (const box of boxes()) box.closest("tr").classList.toggle("chosen", box.checked);
    const label = form.querySelector("[data-chosen]");
    if (label) label.textContent = count === 0 ? "Choose alerts, then:" : `${count} chosen:`;
  }

  function move(step) {
    const all = rows(), at = all.indexOf(currentRow());
    const next = at < 0 ? (step > 0 ? 0 : all.length - 1) : at + step;
    if (all[next]) setCurrent(all[next], { focus: true, scroll: true });
  }
  function act(key) {
    const button = form.querySelector(`button[data-key="${key}"]`);
    if (!button) return say("There is nothing here to decide.");
    if (!boxes().some((box) => box.checked)) {
      const box = boxOf(currentRow());
      if (!box) return say("Choose an open alert first.");
      box.checked = true;
    }
    form.requestSubmit(button);
  }
  function showKeys() {
    const keys = document.getElementById("queue-keys").cloneNode(true);
    keys.removeAttribute("id");
    help.querySelector("[data-keys]").replaceChildren(keys);
    help.showModal();
  }
  const keys = {
    j: () => move(1), k: () => move(-1), r: () => act("r"), a: () => act("a"), "?": showKeys,
    x: () => { const box = boxOf(currentRow()); if (box) { box.checked = !box.checked; showChosen(); } },
    "/": () => document.querySelector("[data-search]")?.focus(),
    Enter: () => currentRow()?.querySelector("a")?.click(),
  };
  const offer = document.querySelector("[data-keys-on]"), keysOn = offer.querySelector("input");
  offer.hidden = false;
  keysOn.checked = localStorage.getItem("keys") !== "off";
  keysOn.addEventListener("change", () => localStorage.setItem("keys", keysOn.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!keysOn.checked || help.open) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const target = event.target;
    if (target.isContentEditable || target.matches("input:not([type=checkbox]), select, textarea")) return;
    if (event.key === "Enter" && target.closest("a, button, summary, input")) return;
    const key = keys[event.key];
    if (!key || (event.repeat && !["j", "k"].includes(event.key))) return;
    event.preventDefault();
    key();
  });
  form.addEventListener("change", showChosen);
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-id]");
    // Without scrolling: a click must end where it began.
    if (row && row.dataset.id !== current) setCurrent(row, {});
  });

  // Who acts, or opens an alert, comes back to the same place.
  addEventListener("pagehide", () => {
    const all = rows(), at = all.indexOf(currentRow());
    const ids = [...all.slice(at), ...all.slice(0, at).reverse()].map((row) => row.dataset.id);
    if (at >= 0) sessionStorage.setItem("queue", JSON.stringify({ address: address(), ids }));
  });
  function restore() {
    let place = null;
    try { place = JSON.parse(sessionStorage.getItem("queue")); } catch { return; }
    if (place?.address !== address()) return;
    const here = new Map(rows().map((row) => [row.dataset.id, row]));
    setCurrent(here.get(place.ids?.find((id) => here.has(id))), { scroll: true });
  }

  let isRefreshing = false, isStale = false, source = null;
  async function refresh() {
    if (isRefreshing) { isStale = true; return; }
    isRefreshing = true;
    try {
      const answer = await fetch(address(), { headers: { Accept: "text/html" } });
      // The session, or the account, is no longer open: what it showed does not stay on the screen.
      if (answer.redirected || answer.status === 403 || answer.status === 404) { location.reload(); return; }
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { /* The next event tells again. */ } finally {
      isRefreshing = false;
      if (isStale) { isStale = false; setTimeout(refresh, 1000); }
    }
  }
  function show(page) {
    const body = document.getElementById("queue-body"), fresh = page.getElementById("queue-body");
    if (!fresh) return;
    const chosen = new Set(boxes().filter((box) => box.checked).map((box) => box.value));
    const before = rows(), known = new Set(before.map((row) => row.dataset.id));
    const newest = Math.max(0, ...before.map((row) => Number(row.dataset.received)));
    const focused = body.contains(document.activeElement) ? document.activeElement : null;
    const at = Math.max(0, before.indexOf(currentRow()));
    const focusedBox = focused?.matches("input[name=id]") ?? false, inRow = focused?.closest("tr[data-id]");
    body.replaceWith(document.adoptNode(fresh));
    document.getElementById("queue-tabs").replaceWith(document.adoptNode(page.getElementById("queue-tabs")));
    document.title = page.title;
    form.dataset.live = page.getElementById("queue").dataset.live;
    showTimes(fresh); countDown(fresh); offerAll(fresh);
    for (const box of boxes()) box.checked = chosen.has(box.value);
    const all = rows();
    const arrived = all.filter((row) => !known.has(row.dataset.id) && Number(row.dataset.received) > newest);
    for (const row of arrived) row.classList.add("new");
    if (current) {
      const row = currentRow() ?? all[Math.min(at, all.length - 1)];
      setCurrent(row, { focus: Boolean(inRow) });
      if (inRow && focusedBox) boxOf(row)?.focus({ preventScroll: true });
    }
    showChosen();
    if (arrived.length > 0) say(arrived.length === 1 ? "1 new alert." : `${arrived.length} new alerts.`);
  }
  function listen() {
    if (source || document.hidden) return;
    source = new EventSource(form.dataset.live);
    source.addEventListener("alerts", refresh);
    // Who may no longer see the queue is told so by the page itself.
    source.addEventListener("end", () => { source?.close(); source = null; refresh(); });
    source.addEventListener("error", () => {
      if (source?.readyState !== EventSource.CLOSED) return;
      source = null;
      refresh();
      setTimeout(listen, 30000);
    });
  }
  // A browser has few connections for one site: a page that nobody sees needs none.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { source?.close(); source = null; } else listen();
  });
  addEventListener("pageshow", (event) => { if (event.persisted) refresh(); showChosen(); });
  addEventListener("pagehide", () => { source?.close(); source = null; });
  restore();
  showChosen();
  listen();
}
const queue = document.getElementById("queue");
if (queue) workQueue(queue);
// Before the first frame, where autofocus comes too late for quick fingers.
document.querySelector("#queue-act button.primary")?.focus();
