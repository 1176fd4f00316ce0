// The bench's page. Everything it does is a call of the table in the README; it knows nothing that a script can't know.
//
// For browser tests, stable `data-testid`s (nothing else here is stable):
//   screen, customer          canvases with the displays; `data-version` grows with each picture
//   dark                      shown over the screen while the terminal is off; last-words: what it said when it died
//   screen-name               the name of the cashier's screen, as the terminal reports it (also `data-screen`, `data-result`)
//   key-0 … key-9, key-00, key-., key-enter, key-clear, key-stop, key-qr, key-menu, key-up, key-down
//   lamp                      `data-color`, `data-pattern`
//   shop-pin                  the PIN of the bench's own shop
//   power                     `aria-checked`
//   phone                     `data-stage`: home, entry, code, waiting, camera, ask, paid, refused, closed, problem
//   phone-show, phone-hold, phone-new, phone-camera, phone-paper, phone-entry, phone-amount, phone-entry-pay, phone-pay, phone-refuse, phone-home     its buttons
//   phone-digits, phone-read  the payment code; what the camera decoded
//   will-pay, will-refuse, will-wait                      what the customer does when asked to pay
//   scanner, scanner-plug, scanner-type, scan-form, scan-text, scan-send
//   paper, receipts, receipt-N, strip, printer, printer-paper, printer-plug, drawer (`data-open`)
//   reader, reader-close      a receipt at full size
//   book                      the acquirer's orders: order-ID with `data-status`, `data-amount`, `data-paid` (how often)
//   trouble, trouble-form, fault-count, fault-api, fault-kind, fault-arm, faults, violations
//   story                     what happened, a line each (`data-who`)
//   guide, lesson, steps (`data-step`), next-lesson, sound, toast

const $ = (id) => document.getElementById(id);
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null));
  return element;
};
const svg = (paths) => {
  const holder = document.createElement('template');
  holder.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true">${paths}</svg>`;
  return holder.content.firstChild;
};

// ---- calls -----------------------------------------------------------------------------------------------------------

let toastTimer;
function toast(text) {
  $('toast').textContent = text;
  $('toast').hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { $('toast').hidden = true; }, 5000);
}

async function get(path) {
  const answer = await fetch(path);
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer.json();
}

async function post(path, body = {}) {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error);
  return json;
}

/** Does a call and says what is wrong where it is refused. */
async function act(path, body) {
  try {
    return await post(path, body);
  } catch (error) {
    toast(error.message);
    return null;
  }
}

/** Lets `job` run once at a time, and once more where it was wanted meanwhile. */
function coalesced(job) {
  let running = false, wanted = false;
  return async () => {
    wanted = true;
    if (running) return;
    running = true;
    while (wanted) {
      wanted = false;
      try { await job(); } catch (error) { console.warn(error); }
    }
    running = false;
  };
}

// ---- what is known -----------------------------------------------------------------------------------------------------

let state = {};
let book = { orders: [], faults: [], violations: [] };
let versions = {};

const money = (order) => `${order.currency === 'HKD' ? 'HK$' : order.currency + ' '}${Number(order.amount).toLocaleString('en', { minimumFractionDigits: order.amount.split('.')[1]?.length ?? 0 })}`;
const timeOf = (stamp) => stamp?.slice(11) ?? '';

// ---- displays ------------------------------------------------------------------------------------------------------------

function display(canvas, path) {
  const pen = canvas.getContext('2d');
  return coalesced(async () => {
    const picture = await createImageBitmap(await (await fetch(`${path}?v=${Date.now()}`)).blob());
    if (canvas.width !== picture.width) canvas.width = picture.width;
    if (canvas.height !== picture.height) canvas.height = picture.height;
    pen.drawImage(picture, 0, 0);
    picture.close();
    canvas.dataset.version = Number(canvas.dataset.version ?? 0) + 1;
  });
}

const drawScreen = display($('screen'), '/api/screen.png');
const drawCustomer = display($('customer'), '/api/customer.png');

$('screen').addEventListener('click', (event) => {
  const canvas = $('screen'), box = canvas.getBoundingClientRect();
  const x = Math.min(canvas.width - 1, Math.floor((event.clientX - box.left) / box.width * canvas.width));
  const y = Math.min(canvas.height - 1, Math.floor((event.clientY - box.top) / box.height * canvas.height));
  const ripple = make('span', { class: 'ripple', style: `left:${event.clientX - box.left}px;top:${event.clientY - box.top}px` });
  canvas.parentElement.append(ripple);
  ripple.addEventListener('animationend', () => ripple.remove());
  act('/api/touch', { x, y });
});

const SCREENS = {
  amount: 'Ready for an amount', confirm_amount: 'Is this large amount right?', same_amount: 'Is this another sale?',
  collecting: 'Waiting for the customer’s code', asking: 'Asking the acquirer', confirm: 'The customer confirms',
  unknown: 'Not known yet: asking again', cancelling: 'Cancelling', paid: 'Paid', refused: 'Not paid',
  refunding: 'Giving money back', refund_unknown: 'Refund not known yet: asking again', refunded: 'Money given back', refund_refused: 'Not given back',
  not_sent: 'No connection: nothing charged', reversed: 'Cancelled', unsettled: 'Not settled', paid_late: 'Paid after all', menu: 'Menu',
  recent: 'Last sales', one: 'One sale', pin: 'The manager’s PIN', clock: 'Date and time', out_of_service: 'Out of service',
};

function showTerminal() {
  const report = state.report, on = state.power === true;
  $('power').setAttribute('aria-checked', on);
  $('lamp').dataset.color = state.lamp?.color ?? 'off';
  $('lamp').dataset.pattern = state.lamp?.pattern ?? 'steady';
  $('lamp').setAttribute('aria-label', `Lamp: ${state.lamp?.color ?? 'off'}, ${state.lamp?.pattern ?? 'steady'}`);
  const name = report?.screen ?? '';
  const words = name === 'amount' && !report.ready ? 'Not ready: the screen says why' : SCREENS[name] ?? name.replaceAll('_', ' ');
  $('shop-pin').hidden = !state.shop;
  $('shop-pin').textContent = state.shop ? `Manager’s PIN ${state.shop.pin}` : '';
  $('shop-pin').classList.toggle('wanted', name === 'pin');
  $('screen-name').textContent = words;
  $('screen-name').dataset.screen = name;
  $('screen-name').dataset.result = report?.result ?? '';
  $('screen').setAttribute('aria-label', `The cashier’s screen: ${words || 'dark'}`);

  const off = !on, absent = state.display === null;
  const starting = on && !absent && !state.display?.connected;
  $('dark').hidden = !(off || absent || starting);
  $('dark-says').textContent = state.ended ? `The terminal ended by itself (${state.ended.says}). Its last words:`
    : off ? 'No power. Switch it on: it starts again on the same data.'
    : absent ? 'This display is not on the bench: the board file has it elsewhere.'
    : 'Starting…';
  $('last-words').hidden = !state.ended?.last_words;
  $('last-words').textContent = state.ended?.last_words ?? '';
  $('facing').classList.toggle('absent', state.customer_display === null);
  $('guide').classList.toggle('away', state.ended != null || state.display === null || state.acquirer === null);
}

$('power').addEventListener('click', () => {
  note(state.power ? 'power:off' : 'power:on');
  act('/api/power', { on: !state.power });
});

// ---- keys ------------------------------------------------------------------------------------------------------------------

const keyButtons = Object.fromEntries([...document.querySelectorAll('[data-key]')].map((button) => [button.dataset.key, button]));
let keyQueue = Promise.resolve();
function press(key) {
  const button = keyButtons[key];
  button.classList.add('down');
  setTimeout(() => button.classList.remove('down'), 110);
  note(`key:${key}`);
  // One after the other, or two quick keys could change places on their way.
  keyQueue = keyQueue.then(() => act('/api/key', { key }));
}
for (const [key, button] of Object.entries(keyButtons)) {
  button.dataset.testid = `key-${key}`;
  // The mouse must not take the focus with it: Enter on the keyboard would press this button again.
  button.addEventListener('mousedown', (event) => event.preventDefault());
  button.addEventListener('click', () => press(key));
}

const KEYBOARD = { Enter: 'enter', Backspace: 'clear', Delete: 'clear', Escape: 'stop', ArrowUp: 'up', ArrowDown: 'down', q: 'qr', Q: 'qr', m: 'menu', M: 'menu', '.': '.', ',': '.' };
document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || $('reader').open) return;
  const popover = document.querySelector('.popover:not([hidden])');
  if (popover && event.key === 'Escape') return closePopovers();
  if (event.target.closest('input, select, textarea, .popover')) return;
  if (event.target.closest('button, summary, a') && (event.key === 'Enter' || event.key === ' ')) return;
  if (event.target.closest('[tabindex="0"]') && event.key.startsWith('Arrow')) return;
  const key = /^[0-9]$/.test(event.key) ? event.key : KEYBOARD[event.key];
  if (!key) return;
  event.preventDefault();
  press(key);
});
// What was clicked with the mouse lets go of the keyboard, so that typing goes to the terminal.
document.addEventListener('click', (event) => {
  if (event.detail > 0) event.target.closest('button, summary')?.blur();
});

// ---- sound -------------------------------------------------------------------------------------------------------------------

let audio = null;
document.addEventListener('pointerdown', () => { audio ??= new AudioContext(); }, { once: true });
document.addEventListener('keydown', () => { audio ??= new AudioContext(); }, { once: true });
const loud = () => $('sound').getAttribute('aria-pressed') === 'true';
$('sound').addEventListener('click', () => $('sound').setAttribute('aria-pressed', !loud()));

function play(tone) {
  if (!audio || !loud()) return;
  let at = audio.currentTime + 0.01;
  for (const [hertz, ms] of tone.notes ?? []) {
    if (hertz > 0) {
      const voice = new OscillatorNode(audio, { type: 'triangle', frequency: hertz });
      const volume = new GainNode(audio, { gain: 0 });
      voice.connect(volume).connect(audio.destination);
      volume.gain.setTargetAtTime(0.16, at, 0.004);
      volume.gain.setTargetAtTime(0, at + ms / 1000 - 0.015, 0.006);
      voice.start(at);
      voice.stop(at + ms / 1000 + 0.05);
    }
    at += ms / 1000;
  }
}

// ---- scanner -------------------------------------------------------------------------------------------------------------------

function showScanner() {
  const plugged = state.scanner?.plugged ?? false;
  $('scanner').classList.toggle('unplugged', !plugged);
  $('scanner').classList.toggle('absent', state.scanner === null);
  $('scanner-says').textContent = state.scanner === null ? 'elsewhere' : plugged ? '掃描器' : 'unplugged';
  $('scanner-plug').textContent = plugged ? 'Unplug' : 'Plug in';
  for (const id of ['scanner-plug', 'scanner-type']) $(id).hidden = state.scanner === null;
}

$('scanner-plug').addEventListener('click', () => act(state.scanner?.plugged ? '/api/unplug' : '/api/plug', { device: 'scanner' }));

function beam() {
  $('scanner').classList.remove('beam');
  requestAnimationFrame(() => $('scanner').classList.add('beam'));
}

$('scan-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (await act('/api/scan', { text: $('scan-text').value })) {
    beam();
    closePopovers();
  }
});

function popover(button, form) {
  $(button).addEventListener('click', () => {
    const open = $(form).hidden;
    closePopovers();
    $(form).hidden = !open;
    $(button).setAttribute('aria-expanded', open);
    if (open) $(form).querySelector('input, select').focus();
  });
}
function closePopovers() {
  for (const open of document.querySelectorAll('.popover')) open.hidden = true;
  for (const button of document.querySelectorAll('[aria-expanded]')) button.setAttribute('aria-expanded', false);
}
popover('scanner-type', 'scan-form');
popover('trouble', 'trouble-form');
document.addEventListener('pointerdown', (event) => {
  if (!event.target.closest('.popover, [aria-expanded]')) closePopovers();
});

// ---- phone ---------------------------------------------------------------------------------------------------------------------

const phone = { stage: 'home', code: null, read: null, order: null, known: new Set(), says: '' };
const will = () => document.querySelector('input[name="will"]:checked').value;
const shop = () => phone.order?.description || 'the shop';

function phoneGo(stage, more = {}) {
  Object.assign(phone, { stage, ...more });
  showPhone();
  note(`phone:${stage}`);
}

const button = (testid, text, onclick, look = '') => make('button', { type: 'button', class: look, 'data-testid': testid, onclick }, text);
const home = () => phoneGo('home', { code: null, read: null, order: null });
const backHome = (text = 'Done') => button('phone-home', text, home, 'link');

async function showCode() {
  const made = await act('/api/wallet/code', { answer: will() });
  if (made) phoneGo('code', { code: made.text, order: null, read: null });
}

async function hold() {
  $('phone').classList.add('held');
  setTimeout(() => $('phone').classList.remove('held'), 900);
  phone.known = new Set(book.orders.map((order) => order.merchantOrderId));
  await new Promise((soon) => setTimeout(soon, 280));
  beam();
  if (await act('/api/scan', { text: phone.code })) phoneGo('waiting');
}

async function look(from = 'display') {
  phoneGo('camera', { code: null, read: null, order: null, from });
  if (from === 'display') $('facing').classList.add('seen');
  setTimeout(() => $('facing').classList.remove('seen'), 950);
  await new Promise((soon) => setTimeout(soon, 550));
  try {
    const seen = await post('/api/wallet/scan', { answer: will(), from });
    phoneGo(seen.wallet === null ? 'problem' : 'waiting', { read: seen.text, says: 'The bench’s own acquirer is off: pay this code with a real wallet.' });
    await readBook();
  } catch (error) {
    phoneGo('problem', { says: error.message });
  }
}

async function payByStaticCode(event) {
  event.preventDefault();
  const order = await act('/api/wallet/entry', { amount: $('phone-amount').value.trim() });
  if (order) phoneGo('paid', { code: null, read: null, order });
}

const decide = (answer) => act('/api/wallet/answer', { code: phone.code ?? phone.read, answer });

const sentence = (text) => text ? `${text[0].toUpperCase()}${text.slice(1)}.` : '';
const digits = (code) => code.replace(/(\d{4})(?=\d)/g, '$1 ');
const STAGES = {
  home: () => [
    make('h3', {}, 'Wallet 錢包'),
    make('div', { class: 'grow' },
      make('div', { class: 'tiles' },
        make('button', { type: 'button', class: 'tile', 'data-testid': 'phone-show', disabled: state.acquirer === null, onclick: showCode },
          svg('<path d="M4 5v14M7 5v14M10.5 5v14M13 5v14M17 5v14M20 5v14"/>'), make('span', {}, 'Show a payment code', make('br'), make('small', {}, '付款碼'))),
        make('button', { type: 'button', class: 'tile', 'data-testid': 'phone-camera', onclick: () => look() },
          svg('<path d="M4 8V5a1 1 0 0 1 1-1h3M16 4h3a1 1 0 0 1 1 1v3M20 16v3a1 1 0 0 1-1 1h-3M8 20H5a1 1 0 0 1-1-1v-3M4 12h16"/>'), make('span', {}, 'Scan the display', make('br'), make('small', {}, '掃一掃'))),
        make('button', { type: 'button', class: 'tile', 'data-testid': 'phone-paper', disabled: state.printer === null, onclick: () => look('paper') },
          svg('<path d="M6 3h12v18l-3-2-3 2-3-2-3 2zM9 8h6v6H9z"/>'), make('span', {}, 'Scan the newest slip', make('br'), make('small', {}, '掃描單據')))),
      state.acquirer === null ? null : button('phone-entry', 'Pay by the shop’s static code 收款碼', () => phoneGo('entry'), 'link'),
      make('p', {}, state.acquirer === null ? 'This phone’s wallet belongs to the bench’s own acquirer, which is off. Its camera still reads the display.'
        : 'The customer’s phone. Hold up a code, or look at the shop’s display with its camera.')),
  ],
  entry: () => [
    make('h3', {}, 'Pay this shop 收款碼'),
    make('form', { class: 'grow', 'data-testid': 'phone-entry-form', onsubmit: payByStaticCode },
      make('p', {}, 'The sign on the counter names the shop; the customer enters the amount. The terminal hears of it from the acquirer alone.'),
      make('input', { id: 'phone-amount', 'data-testid': 'phone-amount', inputmode: 'decimal', autocomplete: 'off', placeholder: '46.00', 'aria-label': 'Amount' }),
      make('button', { type: 'submit', class: 'main', 'data-testid': 'phone-entry-pay' }, 'Pay')),
    backHome('Back'),
  ],
  code: () => [
    make('h3', {}, 'Payment code 付款碼'),
    make('div', { class: 'grow' },
      make('img', { class: 'code', alt: 'A payment code', src: `/api/wallet/code.png?text=${encodeURIComponent(phone.code)}` }),
      make('div', { class: 'digits', 'data-testid': 'phone-digits' }, digits(phone.code))),
    button('phone-hold', 'Hold it to the scanner', hold, 'main'),
    make('div', { class: 'two' }, button('phone-new', 'New code', showCode, 'link'), backHome('Back')),
  ],
  waiting: () => [
    make('h3', {}, phone.read ? 'Code read' : 'Wallet 錢包'),
    make('div', { class: 'grow' }, make('div', { class: 'mark wait' }),
      phone.read ? make('div', { class: 'read', 'data-testid': 'phone-read' }, phone.read) : make('p', {}, 'The code was shown. Waiting for the shop…')),
    backHome('Back'),
  ],
  camera: () => [
    make('h3', {}, 'Scan 掃一掃'),
    make('div', { class: 'grow' }, make('div', { class: 'viewfinder' }, make('img', { alt: 'What the camera sees', src: `${phone.from === 'paper' ? `/api/receipts/${state.receipts}.png` : '/api/customer.png'}?v=${Date.now()}` })),
      make('p', {}, 'Looking for a code…')),
    backHome('Back'),
  ],
  ask: () => [
    make('h3', {}, 'Pay this shop?'),
    make('div', { class: 'grow' }, make('div', { class: 'mark ask' }, '?'), make('div', { class: 'sum' }, money(phone.order)), make('p', {}, shop()),
      phone.read ? make('div', { class: 'read', 'data-testid': 'phone-read' }, phone.read) : null),
    make('div', { class: 'two' }, button('phone-refuse', 'Refuse', () => decide('refuse'), 'no'), button('phone-pay', 'Pay', () => decide('pay'), 'main')),
  ],
  paid: () => [
    make('div', { class: 'grow' }, make('div', { class: 'mark paid' }, '✓'), make('div', { class: 'sum' }, money(phone.order)), make('p', {}, `Paid to ${shop()}`)),
    backHome(),
  ],
  refused: () => [
    make('div', { class: 'grow' }, make('div', { class: 'mark refused' }, '✕'), make('div', { class: 'sum' }, money(phone.order)), make('p', {}, sentence(phone.order.reason) || 'Not paid.')),
    backHome(),
  ],
  closed: () => [
    make('div', { class: 'grow' }, make('div', { class: 'mark' }, '↩'), make('div', { class: 'sum' }, money(phone.order)),
      make('p', {}, phone.order.paidCount > 0 ? 'Cancelled: the money came back.' : 'Cancelled by the shop: nothing was taken.')),
    backHome(),
  ],
  problem: () => [
    make('div', { class: 'grow' }, make('div', { class: 'mark' }, '!'), make('p', {}, phone.says)),
    button('phone-camera', 'Scan again', look, 'main'), backHome('Back'),
  ],
};

let shownPhone = '';
function showPhone() {
  const what = JSON.stringify([state.acquirer === null, phone.stage, phone.code, phone.read, phone.says, phone.order && [phone.order.amount, phone.order.status, phone.order.paidCount, phone.order.reason]]);
  if (what === shownPhone) return;
  shownPhone = what;
  $('phone').dataset.stage = phone.stage;
  $('app').replaceChildren(...STAGES[phone.stage]().filter(Boolean));
  hint();
}

/** What the wallet tells its owner follows from the acquirer's book alone. */
function followPhone() {
  if (!['waiting', 'ask', 'paid', 'refused', 'closed'].includes(phone.stage)) return;
  const mine = (order) => phone.order ? order.merchantOrderId === phone.order.merchantOrderId
    : phone.read ? order.orderCode === phone.read
    : order.product === 'PAYMENT_CODE' && !phone.known.has(order.merchantOrderId);
  const order = book.orders.find(mine);
  if (!order) return;
  const stage = order.status === 'success' ? 'paid' : order.status === 'fail' ? 'refused' : order.status === 'closed' ? 'closed' : order.phoneAsks ? 'ask' : 'waiting';
  phoneGo(stage, { order });
}

for (const choice of document.querySelectorAll('input[name="will"]')) {
  choice.addEventListener('change', () => {
    note(`will:${choice.value}`);
    // A code that is on the phone already answers as its owner now wants; where nobody asks yet, that is no fault.
    if (phone.code && phone.stage === 'code') act('/api/wallet/answer', { code: phone.code, answer: choice.value });
    hint();
  });
}

// ---- printer and drawer ------------------------------------------------------------------------------------------------------------

function showPrinter() {
  const printer = state.printer, here = printer != null;
  $('printer').classList.toggle('unplugged', here && !printer.plugged);
  $('printer').classList.toggle('no-paper', here && printer.paper === 'out');
  $('printer').classList.toggle('absent', !here);
  $('printer-led').dataset.is = !here ? '' : !printer.online ? 'out' : printer.printing ? 'printing' : printer.paper === 'near_end' ? 'low' : 'ok';
  $('printer-says').textContent = !here ? 'elsewhere' : !printer.plugged ? 'unplugged' : printer.cover === 'open' ? 'cover open' : printer.paper === 'out' ? 'no paper'
    : printer.paper === 'near_end' ? 'paper nearly out' : printer.junk ? `${printer.junk} bytes it did not understand` : printer.printing ? 'printing…' : '打印機';
  $('printer-paper').textContent = printer?.paper === 'out' ? 'Put paper in' : 'Take paper out';
  $('printer-plug').textContent = here && !printer.plugged ? 'Plug in' : 'Unplug';
  for (const id of ['printer-paper', 'printer-plug']) $(id).hidden = !here;
  const open = state.drawer?.open ?? false;
  $('drawer').dataset.open = open;
  $('drawer').disabled = !open;
  $('drawer-says').textContent = open ? 'Cash drawer: push it shut' : 'Cash drawer 錢箱';
}

$('printer-paper').addEventListener('click', () => act('/api/printer', { paper: state.printer?.paper === 'out' ? 'ok' : 'out' }));
$('printer-plug').addEventListener('click', () => act(state.printer?.plugged ? '/api/unplug' : '/api/plug', { device: 'printer' }));
$('drawer').addEventListener('click', () => act('/api/drawer', { open: false }));

let shownReceipts = 0, headOfReceipt = null;
// The newest paper is in view until somebody scrolls back to an older piece.
let followPaper = true;
for (const kind of ['wheel', 'touchmove', 'keydown']) {
  $('paper').addEventListener(kind, () => requestAnimationFrame(() => {
    const paper = $('paper'), newest = $('receipts').lastElementChild?.offsetHeight ?? 0;
    followPaper = paper.scrollHeight - paper.scrollTop - paper.clientHeight < newest + 80;
  }), { passive: true });
}
const drawPaper = coalesced(async () => {
  if (!state.printer) return;
  const paper = $('paper');
  if (state.receipts > shownReceipts) {
    const { receipts } = await get('/api/receipts');
    const fresh = receipts.filter((receipt) => receipt.number > shownReceipts);
    const pictures = fresh.map((receipt) => make('img', { alt: `Receipt ${receipt.number}, cut at ${receipt.at}`, src: receipt.png }));
    await Promise.all(pictures.map((picture) => picture.decode().catch(() => {})));
    fresh.forEach((receipt, n) => $('receipts').append(
      make('button', { type: 'button', class: 'receipt', 'data-testid': `receipt-${receipt.number}`, onclick: () => read(receipt) }, pictures[n])));
    shownReceipts = fresh.at(-1)?.number ?? shownReceipts;
    headOfReceipt = $('receipts').lastElementChild;
  }
  const rows = state.printer?.strip_rows ?? 0;
  if (rows > 0) {
    const picture = new Image();
    picture.src = `/api/paper.png?part=strip&v=${Date.now()}`;
    await picture.decode();
    picture.id = 'strip-picture';
    picture.alt = 'Paper that is being printed';
    $('strip').replaceChildren(picture);
  }
  $('strip').hidden = rows === 0;
  $('no-paper').hidden = rows > 0 || shownReceipts > 0;
  if (!followPaper) return;
  paper.scrollTop = paper.scrollHeight;
  if (headOfReceipt && !state.printer.printing) {
    // A receipt is read from its head: show that once the printer rests.
    const top = headOfReceipt.offsetTop - paper.offsetTop - 26;
    headOfReceipt = null;
    setTimeout(() => paper.scrollTo({ top, behavior: 'smooth' }), 700);
  }
});

function read(receipt) {
  $('reader-picture').src = receipt.png;
  $('reader-picture').alt = `Receipt ${receipt.number}`;
  $('reader').showModal();
  note('receipt');
}
$('reader').addEventListener('click', (event) => { if (event.target === $('reader')) $('reader').close(); });

// ---- the acquirer's book ------------------------------------------------------------------------------------------------------------

const FAULTS = {
  drop_after: ['the answer gets lost', 'The acquirer does what it was asked, but the connection breaks before it answers. Did the customer pay? The terminal can’t know, and must find out.'],
  drop_before: ['the request gets lost', 'The connection breaks before the acquirer has understood the request. Nothing happens there, and the terminal can’t know that either.'],
  late: ['the request arrives late', 'The connection breaks; the request itself arrives some calls later and takes effect then.'],
  delay: ['the answer comes late', 'Done at once, answered only after a long wait.'],
  processing: ['“processing” for a while', 'The acquirer itself does not know yet, and says so.'],
  refuse: ['it is refused', 'A clear no, for safety.'],
  'refuse balance': ['it is refused: too little money', 'A clear no: the wallet has not enough money.', { fault: 'refuse', reason: 'balance' }],
  'refuse cut_off': ['it is refused: the day is over', 'A clear no to a cancellation: it came after the cut-off.', { fault: 'refuse', reason: 'cut_off' }],
  busy: ['the acquirer is busy', 'Answered with “system busy”: nobody can tell whether anything was done.'],
  http500: ['an HTTP 500', 'The acquirer’s server breaks down after doing its work.'],
  garbage: ['an answer that is garbage', 'Something that is not an answer at all.'],
  truncate: ['an answer cut short', 'Half of an answer, then the connection ends.'],
  bad_sign: ['an answer with a wrong signature', 'It says something, but it can’t be believed.'],
  wrong_amount: ['an answer about another amount', 'It speaks of a payment that was not asked for.'],
  other_order: ['an answer about another order', 'It is signed, and names an order that was not asked about.'],
  not_found: ['“does not exist”', 'The acquirer says that it has never heard of the transaction.'],
};
for (const [fault, [name]] of Object.entries(FAULTS)) $('fault-kind').append(make('option', { value: fault }, name));
const explainFault = () => { $('fault-means').textContent = FAULTS[$('fault-kind').value][1]; };
$('fault-kind').addEventListener('change', explainFault);
explainFault();
$('trouble-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const kind = $('fault-kind').value, [, , also = { fault: kind }] = FAULTS[kind];
  const fault = { api: $('fault-api').value, ...also, count: Number($('fault-count').value) };
  if (await act('/api/acquirer/fault', fault)) {
    note(`fault:${fault.api}:${fault.fault}`);
    closePopovers();
  }
});

const PRODUCTS = { PAYMENT_CODE: 'shop scanned', ORDER_CODE: 'customer scans', CASHIER_PAYMENT: 'link' };
const STATUS = { success: 'Paid', fail: 'Not paid', closed: 'Cancelled', processing: 'Open' };
const CALLS = { PAY: 'Take the money', DETAIL: 'What became of it?', CANCEL: 'Take it back', REFUND: 'Give money back' };

/** What the terminal was told, for people. */
function answered(call) {
  const words = call.answered.replace(/^000000 /, '');
  if (!call.fault) return words;
  const fault = FAULTS[call.fault]?.[0] ?? call.fault;
  return make('span', {}, `${words} · `, make('span', { class: 'fault' }, `but ${fault}`));
}

function moneyWords(order) {
  const kept = Number(order.kept);
  if (order.paidCount === 0) return 'never charged';
  const times = order.paidCount === 1 ? 'charged once' : `charged ${order.paidCount} times!`;
  return kept === 0 ? `${times}, and paid back` : kept === Number(order.amount) ? times : `${times}, ${order.refundedAmount} paid back`;
}

function orderCard(order, open) {
  const moved = { paid: 'out of the wallet', refunded: 'back into the wallet', cancelled: 'back into the wallet' };
  const events = [
    ...order.calls.map((call) => [call.time, [make('b', {}, call.api), ` ${CALLS[call.api] ?? ''} → `, answered(call)]]),
    ...order.charges.map((charge) => [charge.time, [make('b', {}, `${charge.amount} `), moved[charge.kind] ?? charge.kind]]),
  ].sort(([a], [b]) => a.localeCompare(b));
  const lines = events.flatMap(([time, words]) => [make('dt', {}, timeOf(time)), make('dd', {}, ...words)]);
  return make('li', {}, make('details', { class: 'order', open, 'data-testid': `order-${order.merchantOrderId}`, 'data-id': order.merchantOrderId, 'data-status': order.status, 'data-amount': order.amount, 'data-paid': order.paidCount },
    make('summary', {},
      make('span', { class: 'sum' }, money(order)),
      make('span', { class: `pill ${order.status}` }, STATUS[order.status] ?? order.status),
      make('span', { class: 'line' }, `${timeOf(order.createdAt)} · ${PRODUCTS[order.product] ?? order.product} · ${moneyWords(order)}`)),
    make('dl', {}, make('dt', {}, 'order'), make('dd', {}, order.merchantOrderId), ...(order.reason ? [make('dt', {}, 'why'), make('dd', {}, order.reason)] : []), ...lines)));
}

let ordersSeen = 0;
function showBook() {
  const open = new Set([...document.querySelectorAll('.order[open]')].map((card) => card.dataset.id));
  const orders = [...book.orders].reverse();
  if (state.acquirer === null) {
    $('book').replaceChildren(make('li', { class: 'empty' }, 'The bench’s acquirer is off: the profile points to another one, and only that one knows who paid.'));
  } else if (orders.length === 0) {
    $('book').replaceChildren(make('li', { class: 'empty' }, 'No orders yet. This is the other end of the wire: whatever the terminal believes, this is what happened.'));
  } else {
    $('book').replaceChildren(...orders.map((order) => orderCard(order, open.has(order.merchantOrderId))));
    if (orders.length > ordersSeen) $('book').firstElementChild.firstElementChild.classList.add('new');
  }
  ordersSeen = orders.length;
  $('trouble').hidden = state.acquirer === null;
  $('faults').replaceChildren(...book.faults.map((fault) => make('li', {}, `${fault.count} × ${fault.api}: ${FAULTS[fault.fault]?.[0] ?? fault.fault}`,
    make('button', { type: 'button', 'aria-label': 'Take it back', onclick: () => act('/api/acquirer/fault', { api: fault.api, fault: fault.fault, count: 0 }) }, '✕'))));
  $('violations').replaceChildren(...book.violations.slice(-3).map((violation) => make('div', {}, make('b', {}, 'Contract broken'), ` by ${violation.api ?? 'a request'}: ${violation.rule}`)));
}

const readBook = coalesced(async () => {
  if (state.acquirer === null) return showBook();
  const before = new Map(book.orders.map((order) => [order.merchantOrderId, order.status]));
  book = await get('/api/acquirer/orders');
  for (const order of book.orders) if (before.get(order.merchantOrderId) !== order.status) note(`order:${order.status}`);
  showBook();
  followPhone();
});

// ---- the story ------------------------------------------------------------------------------------------------------------------------

let lastLine = 0;
const MOODS = [['bad', /NOT PAID|CANCELLED|ended by itself|broke the/], ['paid', /: PAID\b/], ['trouble', /^Trouble:|not settled|no clear answer/]];
const readStory = coalesced(async () => {
  const { lines } = await get('/api/story');
  const fresh = lines.filter((line) => line.number > lastLine);
  const list = $('story'), atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  for (const line of fresh) {
    const mood = MOODS.find(([, words]) => words.test(line.text))?.[0] ?? '';
    list.append(make('li', { class: `new ${mood}`, 'data-who': line.who }, make('time', {}, line.at), make('span', {}, line.text)));
  }
  while (list.children.length > 400) list.firstElementChild.remove();
  lastLine = fresh.at(-1)?.number ?? lastLine;
  if (atEnd) list.scrollTop = list.scrollHeight;
});

// ---- first steps ------------------------------------------------------------------------------------------------------------------------

const typed = { text: 'Type an amount', hint: ['#keypad'], when: () => seen('key:digit') };
const entered = { text: 'Press Enter', hint: ['[data-key="enter"]'], when: () => ['collecting', 'asking'].includes(state.report?.screen) || phone.order != null };
const shown = { text: 'Phone: show a payment code', hint: ['[data-testid="phone-show"]'], when: () => seen('phone:code') };
const held = { text: 'Hold it to the scanner', hint: ['[data-testid="phone-hold"]'], when: () => seen('phone:waiting') };
const choose = (value, text) => ({ text, hint: [`label:has([data-testid="will-${value}"])`], when: () => will() === value });
const ended = (text) => ({ text, hint: [], when: () => seen('result:any') });

const LESSONS = [
  { name: 'A sale: the shop scans', steps: [typed, entered, shown, held, { text: 'The receipt comes', hint: ['.strip', '.receipt:last-child'], when: () => seen('receipt:cut') }],
    end: 'Paid. The acquirer’s book says the same.' },
  { name: 'A sale: the customer scans', steps: [typed, entered, { text: 'Press QR', hint: ['[data-key="qr"]'], when: () => seen('key:qr') },
    { text: 'Phone: scan the display', hint: ['[data-testid="phone-camera"]'], when: () => seen('phone:waiting') }, ended('Watch both screens')],
    end: 'The phone read the code from the picture, and paid.' },
  { name: 'The customer refuses', steps: [choose('refuse', 'Phone: “refuses”'), typed, entered, shown, held, ended('Watch the screen')], end: 'Not paid, and the screen says so plainly.' },
  { name: 'The answer gets lost', steps: [choose('pay', 'Phone: “pays”'), { text: 'Make trouble: “the answer gets lost”', hint: ['#trouble', '[data-testid="fault-arm"]'], when: () => seen('fault:PAY:drop_after') || book.faults.length > 0 },
    typed, entered, shown, held, ended('Wait: it asks by itself')], end: 'The money was taken, the answer lost, and nobody was told “failed”.' },
  { name: 'Stop in the middle', steps: [choose('wait', 'Phone: “hesitates”'), typed, entered, shown, held, { text: 'Press Stop', hint: ['[data-key="stop"]'], when: () => seen('key:stop') }, ended('Watch it being cancelled')],
    end: 'Cancelled, and the acquirer’s book proves it.' },
  { name: 'Power cut in the middle', steps: [choose('wait', 'Phone: “hesitates”'), typed, entered, shown, held, { text: 'Power off', hint: ['#power'], when: () => seen('power:off') },
    { text: 'Power on', hint: ['#power'], when: () => seen('power:on') }, { text: 'It ends by itself', hint: [], when: () => seen('order:success') || seen('order:closed') || seen('order:fail') }],
    end: 'It came back and ended the sale with the truth.' },
];

const lesson = { index: 0, step: 0, over: false, marks: new Set() };
const seen = (mark) => lesson.marks.has(mark);
for (const [index, { name }] of LESSONS.entries()) $('lesson').append(make('option', { value: index }, `${index + 1} · ${name}`));
$('lesson').addEventListener('change', () => { begin(Number($('lesson').value)); $('lesson').blur(); });
$('next-lesson').addEventListener('click', () => begin((lesson.index + 1) % LESSONS.length));

function begin(index) {
  Object.assign(lesson, { index, step: 0, over: false, marks: new Set() });
  $('lesson').value = index;
  follow();
}

/** Something has happened that a lesson may be waiting for. */
function note(mark) {
  if (lesson.step === LESSONS[lesson.index].steps.length && /^key:(\d|00)$/.test(mark)) lesson.over = true;
  lesson.marks.add(mark);
  if (/^key:(\d|00)$/.test(mark)) lesson.marks.add('key:digit');
  follow();
}

function follow() {
  const { steps } = LESSONS[lesson.index];
  while (lesson.step < steps.length && steps[lesson.step].when()) lesson.step += 1;
  const done = lesson.step === steps.length;
  $('steps').dataset.step = lesson.step;
  const look = (n) => n < lesson.step ? 'done' : n === lesson.step ? 'now' : 'later';
  // What ended the lesson is not said of the sales that follow it.
  $('steps').replaceChildren(...(lesson.over ? [make('li', { class: 'over' }, make('span', {}, 'Lesson done. Go on as you like, or take the next one.'))] : done ? [make('li', { class: 'end' }, make('span', {}, LESSONS[lesson.index].end))]
    : steps.map((step, n) => make('li', { class: look(n), 'data-n': n + 1, title: step.text, 'aria-current': n === lesson.step ? 'step' : null }, make('span', {}, step.text)))));
  $('next-lesson').hidden = !done;
  hint();
}

function hint() {
  for (const old of document.querySelectorAll('.hint')) old.classList.remove('hint');
  const step = LESSONS[lesson.index]?.steps[lesson.step];
  if (!state.ready && !state.report) return;
  for (const selector of step?.hint ?? []) document.querySelector(selector)?.classList.add('hint');
}

// ---- live -----------------------------------------------------------------------------------------------------------------------------------

function take(change) {
  const before = state;
  state = change.state;
  const last = versions;
  versions = change.versions;
  const is = (name) => versions[name] !== last[name];
  if (is('screen')) drawScreen();
  if (is('customer')) drawCustomer();
  if (is('paper') || state.receipts !== before.receipts) drawPaper();
  if (is('book')) readBook();
  if (is('story')) readStory();
  if (state.report?.result && state.report.result !== before.report?.result) { note('result:any'); note(`result:${state.report.result}`); }
  if (before.receipts != null && state.receipts > before.receipts) note('receipt:cut');
  showTerminal();
  showScanner();
  showPrinter();
  showPhone();
  follow();
}

function listen() {
  const events = new EventSource('/api/events');
  events.addEventListener('open', () => {
    $('offline').hidden = true;
    versions = {};
  });
  events.addEventListener('change', (event) => take(JSON.parse(event.data)));
  events.addEventListener('tone', (event) => play(JSON.parse(event.data)));
  events.addEventListener('error', () => { $('offline').hidden = false; });
}

const clock = () => { $('phone-time').textContent = new Date().toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Asia/Hong_Kong' }); };
clock();
setInterval(clock, 10_000);
begin(0);
showPhone();
listen();
