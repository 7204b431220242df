"use strict";

// The state of one appliance, as its branch API gives it. Whatever comes from there is set as text,
// never as markup.

const tokenKey = "smartotp-token";
const eventLimit = 100;
// In milliseconds. The appliance says every 15 seconds that it lives.
const streamSilenceLimit = 40000;
const alarmTime = 300000;

const phases = {
  "restricted": ["Restricted", "bad"],
  "reader-lost": ["Reader lost", "bad"],
  "idle": ["Idle", "good"],
  "awaiting-card": ["Waiting for the card", "good"],
  "identifying": ["Reading the card", "good"],
  "presenting": ["Showing a transaction", "good"],
  "generating": ["Making the code", "good"],
  "showing": ["Showing the code", "good"],
};

const counterNames = {
  taps: "Taps",
  codesShown: "Codes shown",
  codesFailed: "Codes failed",
  transactionsPushed: "Transactions pushed",
  transactionsClaimed: "Transactions claimed",
  transactionsCancelled: "Transactions cancelled",
  readerLosses: "Reader lost",
  centerLosses: "Centre lost",
};

const findings = {
  "pass": ["Pass", "good"],
  "warn": ["Warning", "warn"],
  "fail": ["Fail", "bad"],
  "blocked": ["Not looked at", "warn"],
  "not-applicable": ["Does not apply", ""],
};

const byID = (id) => document.getElementById(id);

// MARK: The token

// Out of the address at once: it would stay in the history and in screenshots.
function takeToken() {
  const prefix = "#token=";
  if (!location.hash.startsWith(prefix)) { return; }
  const given = location.hash.slice(prefix.length);
  let token = given;
  // A plus is a plus here, not a space; what is no escape is taken as it is.
  try { token = decodeURIComponent(given); } catch {}
  sessionStorage.setItem(tokenKey, token);
  history.replaceState(null, "", location.pathname + location.search);
}

function askForToken(reason) {
  byID("token").hidden = false;
  say("token-reason", reason);
}

// MARK: Asking

class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail || `the appliance answered ${status}`);
    this.status = status;
    this.code = problem.code;
  }
}

async function ask(path, options = {}) {
  const headers = { ...options.headers };
  const token = sessionStorage.getItem(tokenKey);
  if (token !== null) { headers.Authorization = `Bearer ${token}`; }
  const response = await fetch(path, { ...options, headers, cache: "no-store" });
  if (!response.ok) {
    throw new Refused(response.status, await response.json().catch(() => ({})));
  }
  return response;
}

// MARK: Showing

function element(name, text, style) {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) { made.className = style; }
  return made;
}

// Changes a text only where it is another: what is announced is announced once.
function say(id, text, style) {
  const place = byID(id);
  if (place.textContent !== text) { place.textContent = text; }
  if (style !== undefined) { place.dataset.state = style; }
}

function describe(id, rows) {
  const list = rows.filter(([, value]) => value !== undefined && value !== null && value !== "");
  byID(id).replaceChildren(...list.flatMap(([label, value, style]) => [
    element("dt", label), element("dd", String(value), style),
  ]));
}

function moment(seconds) {
  const time = element("time", new Date(seconds * 1000).toLocaleString());
  time.dateTime = new Date(seconds * 1000).toISOString();
  return time;
}

function duration(seconds) {
  const days = Math.floor(seconds / 86400);
  const hours = Math.floor(seconds / 3600) % 24;
  const minutes = Math.floor(seconds / 60) % 60;
  if (days > 0) { return `${days} d ${hours} h`; }
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${seconds % 60} s`;
}

let countdownTimer;

function countDown(seconds) {
  clearInterval(countdownTimer);
  const end = Date.now() + (seconds || 0) * 1000;
  const show = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    say("countdown", left > 0 ? `${left} s left` : "");
    if (left === 0) { clearInterval(countdownTimer); }
  };
  show();
  if (seconds) { countdownTimer = setInterval(show, 1000); }
}

function showStatus(status) {
  const [name, style] = phases[status.phase] || [status.phase, ""];
  say("phase", name, style);
  document.title = `${name} – Smart OTP appliance`;
  countDown(status.secondsLeft);
  describe("session", [
    ["Transaction", status.transaction],
    ["Waiting", status.waiting > 0 ? status.waiting : undefined],
  ]);
  showImpediments(status.impediments);
  showReader(status.reader);
  showCenter(status.center);
  showDisplays(status.displays);
  describe("counters", Object.entries(counterNames).map(
    ([key, name]) => [name, status.counters[key]]));
  showTroubles(status.troubles);
  say("version", status.version);
  say("uptime", duration(status.uptimeSeconds));
}

function showImpediments(impediments) {
  byID("restrictions").hidden = impediments.length === 0;
  byID("impediments").replaceChildren(...impediments.map((impediment) => {
    const item = element("li", `${impediment.finding} `);
    item.append(element("br", ""), "Fix: ", element("code", impediment.fix));
    return item;
  }));
}

function showReader(reader) {
  describe("reader", [
    ["Reader", reader.isThere ? "There" : "Not there", reader.isThere ? "good" : "bad"],
    ["Trouble", reader.trouble, "bad"],
    ["Name", reader.connstring],
    ["Chip", reader.chip],
    ["Card", reader.cardIsThere ? "On the reader" : "None"],
  ]);
}

function showCenter(center) {
  describe("center", [
    ["Centre", center.isThere ? "Connected" : "Not connected", center.isThere ? "good" : "bad"],
    ["Trouble", center.trouble, "bad"],
    ["Address", center.address],
    ["Device", center.device || "Not registered"],
    ["Certificate until", center.certificateExpiresAt
      && new Date(center.certificateExpiresAt * 1000).toLocaleDateString()],
  ]);
}

function showDisplays(displays) {
  byID("displays").replaceChildren(...(displays.length > 0 ? displays.map((display) => {
    const item = element("li", `${display.name}: `);
    item.append(display.works
      ? element("span", "works", "good")
      : element("span", display.trouble || "does not work", "bad"));
    return item;
  }) : [element("li", "None is configured.")]));
}

function showTroubles(troubles) {
  byID("troubles").replaceChildren(...(troubles.length > 0 ? [...troubles].reverse().map(
    (trouble) => {
      const item = element("li", "");
      item.append(moment(trouble.time), ` ${trouble.text}`);
      return item;
    }) : [element("li", "None.")]));
}

function showEvent(event) {
  const item = element("li", "");
  item.append(moment(event.time), ` ${event.kind}: ${event.text}`);
  const list = byID("events");
  list.prepend(item);
  while (list.childElementCount > eventLimit) { list.lastElementChild.remove(); }
  if (event.kind === "trouble") { raiseAlarm(event.text); }
}

let alarmTimer;

// It is among the last troubles too, where it stays.
function raiseAlarm(text) {
  clearTimeout(alarmTimer);
  say("alarm", text);
  alarmTimer = setTimeout(() => say("alarm", ""), alarmTime);
}

// MARK: Keeping up

let refreshing;

// One request at a time, and one more after it where something happened meanwhile.
async function refresh() {
  if (refreshing) {
    refreshing.again = true;
    return;
  }
  refreshing = { again: true };
  try {
    while (refreshing.again) {
      refreshing.again = false;
      showStatus(await (await ask("/v1/status")).json());
    }
  } finally {
    refreshing = undefined;
  }
}

let lastEventID;
let attempt = 0;
let stream;
let wake;

async function follow() {
  stream = new AbortController();
  const headers = lastEventID === undefined ? {} : { "Last-Event-ID": lastEventID };
  const response = await ask("/v1/events", { headers, signal: stream.signal });
  connected();
  await refresh();
  let silence;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => stream.abort(), streamSilenceLimit);
  };
  try {
    let text = "";
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      heard();
      const { value, done } = await reader.read();
      if (done) { return; }
      const pieces = (text + value).split("\n\n");
      text = pieces.pop();
      pieces.forEach(takePiece);
    }
  } finally {
    clearTimeout(silence);
  }
}

function takePiece(piece) {
  const fields = {};
  for (const line of piece.split("\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) { fields[line.slice(0, colon)] = line.slice(colon + 1).trimStart(); }
  }
  if (fields.id !== undefined) { lastEventID = fields.id; }
  if (fields.event === undefined) { return; }
  if (fields.event !== "reset") { showEvent(JSON.parse(fields.data)); }
  // Whatever fails here fails in the stream too, which is opened again.
  refresh().catch(() => {});
}

function connected() {
  attempt = 0;
  say("connection", "Connected", "good");
  byID("token").hidden = true;
  if (document.body.dataset.lost) {
    delete document.body.dataset.lost;
    say("alarm", "");
  }
}

function lost(error) {
  say("connection", "Not connected", "bad");
  if (error instanceof Refused && error.status === 401) {
    const reason = error.code === "token-wrong"
      ? "The token is wrong: it is not the one that the appliance is configured with."
      : "This page needs the appliance's token.";
    say("alarm", "");
    askForToken(reason);
    return false;
  }
  document.body.dataset.lost = "yes";
  clearTimeout(alarmTimer);
  say("phase", "Not known: no connection", "bad");
  countDown(0);
  say("alarm", "The connection to the appliance is lost. What is shown below may be out of date. "
    + "Trying again…");
  return true;
}

// Waits longer from time to time, ten seconds at most, or until somebody asks.
function pause() {
  attempt += 1;
  const most = Math.min(10000, 500 * 2 ** Math.min(attempt, 5));
  return new Promise((resolve) => {
    wake = resolve;
    setTimeout(resolve, most / 2 + Math.random() * most / 2);
  });
}

async function run() {
  for (;;) {
    let error;
    try { await follow(); } catch (caught) { error = caught; }
    if (lost(error)) {
      await pause();
    } else {
      await new Promise((resolve) => { wake = resolve; });
    }
  }
}

// MARK: Controls

// A button that works is left where it is for the keyboard; pressing it again does nothing.
function onPress(id, action) {
  const button = byID(id);
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") { return; }
    button.setAttribute("aria-disabled", "true");
    try { await action(); } finally { button.removeAttribute("aria-disabled"); }
  });
}

onPress("cancel", async () => {
  say("cancelled", "");
  try {
    await ask("/v1/session/cancel", { method: "POST" });
    say("cancelled", "The session was cancelled, if there was one.");
  } catch (error) {
    say("cancelled", `Not cancelled: ${error.message}`);
  }
});

onPress("run-doctor", async () => {
  byID("checks").replaceChildren();
  byID("others").hidden = true;
  say("doctor-verdict", "Running…");
  try {
    showReport(await (await ask("/v1/doctor")).json());
  } catch (error) {
    say("doctor-verdict", `The doctor did not run: ${error.message}`);
  }
});

function checkItem(check) {
  const [name, style] = findings[check.finding] || [check.finding, ""];
  const item = element("li", "");
  item.append(element("strong", name, style), ` ${check.title}: ${check.seen}`);
  if (check.cause) { item.append(element("br", ""), `Cause: ${check.cause}`); }
  if (check.fix) { item.append(element("br", ""), "Fix: ", element("code", check.fix)); }
  return item;
}

// What is wrong comes first; the many checks that found nothing are there for who asks.
function showReport(report) {
  const checks = Array.isArray(report.checks) ? report.checks : [];
  const having = (finding) => checks.filter((check) => check.finding === finding);
  const wrong = [...having("fail"), ...having("warn")];
  const others = checks.filter((check) => !wrong.includes(check));
  const counts = ["pass", "blocked", "not-applicable"].map(
    (finding) => `${findings[finding][0].toLowerCase()}: ${having(finding).length}`);
  byID("checks").replaceChildren(...wrong.map(checkItem));
  byID("other-checks").replaceChildren(...others.map(checkItem));
  say("others-title", `Other checks (${counts.join(", ")})`);
  byID("others").hidden = others.length === 0;
  const verdict = report.verdict && report.verdict.verdict;
  say("doctor-verdict", verdict || `${checks.length} checks.`);
}

byID("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(tokenKey, byID("token-field").value.trim());
  byID("token-field").value = "";
  if (wake) { wake(); }
});

// A token that is put behind the address of a page that is open already.
addEventListener("hashchange", () => {
  takeToken();
  if (wake) { wake(); }
});

takeToken();
run();
