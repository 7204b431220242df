// Keeps the page up with one appliance, over its branch API.

import {
  byID, countDown, holdAlarm, say, showEvent, showReport, showStatus,
} from "/status-view.js";

const tokenKey = "smartotp-token";
// In milliseconds. The appliance says every 15 seconds that it lives.
const streamSilenceLimit = 40000;

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
    holdAlarm("");
  }
}

function lost(error) {
  say("connection", "Not connected", "bad");
  if (error instanceof Refused && error.status === 401) {
    const reason = error.code === "token-wrong"
      ? "The token is wrong: it is not the one that the appliance is configured with."
      : "This page needs the appliance's token.";
    holdAlarm("");
    askForToken(reason);
    return false;
  }
  document.body.dataset.lost = "yes";
  say("phase", "Not known: no connection", "bad");
  countDown(0);
  holdAlarm("The connection to the appliance is lost. What is shown below may be out of date. "
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
