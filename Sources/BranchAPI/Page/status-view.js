// What the page shows of an appliance. Whatever comes from there is set as text, never as markup.

const eventLimit = 100;
// In milliseconds.
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

export const byID = (id) => document.getElementById(id);

function element(name, text, style) {
  const made = document.createElement(name);
  made.textContent = text;
  if (style) { made.className = style; }
  return made;
}

// Changes a text only where it is another: what is announced is announced once.
export function say(id, text, style) {
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

export function countDown(seconds) {
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

export function showStatus(status) {
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

export function showEvent(event) {
  const item = element("li", "");
  item.append(moment(event.time), ` ${event.kind}: ${event.text}`);
  const list = byID("events");
  list.prepend(item);
  while (list.childElementCount > eventLimit) { list.lastElementChild.remove(); }
  if (event.kind === "trouble") { raiseAlarm(event.text); }
}

let alarmTimer;

// Says it until something else is said.
export function holdAlarm(text) {
  clearTimeout(alarmTimer);
  say("alarm", text);
}

// It is among the last troubles too, where it stays.
function raiseAlarm(text) {
  holdAlarm(text);
  alarmTimer = setTimeout(() => say("alarm", ""), alarmTime);
}

function checkItem(check) {
  const [name, style] = findings[check.finding] || [check.finding, ""];
  const item = element("li", "");
  item.append(element("strong", name, style), ` ${check.title}: ${check.seen}`);
  if (check.cause) { item.append(element("br", ""), `Cause: ${check.cause}`); }
  if (check.fix) { item.append(element("br", ""), "Fix: ", element("code", check.fix)); }
  return item;
}

// What is wrong comes first; the many checks that found nothing are there for who asks.
export function showReport(report) {
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
