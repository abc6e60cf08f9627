import type { FactView, PageAction, PanelView } from '../src/runs/panelMessages';
import { button, capital, element, ElementList, setAttribute, setShown, setText } from './dom';
import { act } from './host';
import { Menu } from './menu';

/** Actions of the menu; the first has a button of its own where there is room. */
const menuEntries: readonly MenuEntry[] = [
  { action: 'changeOptions', label: 'Quantize with Other Options…' },
  {
    action: 'openDiff',
    label: 'Open in Diff Editor',
    labelOf: (net) => `Open ${net} in Diff Editor`,
  },
  { action: 'copyReport', label: 'Copy Report' },
  { action: 'exportJson', label: 'Export JSON…' },
  { action: 'exportCsv', label: 'Export CSV…' },
  {
    action: 'exportOnnx',
    label: 'Export Quantized ONNX…',
    labelOf: (net) => `Export ${net} as ONNX…`,
    detail: 'simulated in float32: as large as the float net',
  },
  { action: 'showRuns', label: 'All Runs of This Net…' },
  { action: 'compareRun', label: 'Compare with Another Run…' },
  { action: 'openNet', label: 'Open Net' },
  { action: 'showLog', label: 'Show Log' },
];

interface MenuEntry {
  readonly action: PageAction;
  readonly label: string;
  /** The label where another net than the delivered one is shown, `Net 6`. */
  readonly labelOf?: (net: string) => string;
  /** What should be known before. */
  readonly detail?: string;
}

/** Facts of the first line: what was read. The others say how it was run. */
const inputFacts = ['Net', 'Weights', 'Data'];

/** Title, files, state, and what can be done. */
export class Header {
  readonly root = element('header', { class: 'header' });
  private readonly title = element('h1');
  private readonly name = element('span');
  private readonly net = element('span', { class: 'title-net' });
  private readonly save = button('Save Prototxt', 'primary', () => act('savePrototxt'));
  private readonly buttons: readonly (readonly [PageAction, HTMLElement])[] = [
    ['tryAgain', button('Try Again', 'primary', () => act('tryAgain'))],
    ['quantizeAgain', button('Quantize Again', 'secondary', () => act('quantizeAgain'))],
    ['changeOptions', button('Change Options…', 'secondary', () => act('changeOptions'))],
    ['savePrototxt', this.save],
  ];
  private readonly menu = new Menu();
  private readonly inputs = new Facts('What was read');
  private readonly settings = new Facts('How it was run');
  // The toolkit's tag sets a style attribute, which the page's policy refuses.
  private readonly state = element('span', { class: 'state' });

  constructor() {
    const actions = element('div', { class: 'actions' });
    for (const [action, made] of this.buttons) {
      // Where the page is narrow its menu has it.
      if (action === 'changeOptions') made.classList.add('wide-only');
      actions.append(made);
    }
    actions.append(this.menu.root);
    this.title.append(this.name, this.net);
    this.root.append(
      element('div', { class: 'title-row' }, this.title, actions),
      this.inputs.root,
      element('div', { class: 'state-row' }, this.settings.root, this.state),
    );
  }

  update({ title, facts, actions, status, statusText, failure, points }: PanelView): void {
    setText(this.name, title);
    const other = points?.other?.name;
    setText(this.net, other === undefined ? '' : ` · ${other}`);
    const usual = points?.stopped === undefined ? 'Save Prototxt' : 'Save Best So Far';
    setText(this.save, other === undefined ? usual : `Save ${capital(other)}`);
    this.inputs.show(facts.filter(({ label }) => inputFacts.includes(label)));
    this.settings.show(facts.filter(({ label }) => !inputFacts.includes(label)));
    setAttribute(this.state, 'class', `state state-${status}`);
    setText(this.state, statusText);
    for (const [action, made] of this.buttons) {
      // A failure has this button beside its words.
      const isElsewhere = action === 'tryAgain' && failure !== undefined;
      setShown(made, actions.includes(action) && !isElsewhere);
    }
    this.menu.update(
      menuEntries
        .filter(({ action }) => actions.includes(action))
        .map(({ action, label, labelOf, detail }) => ({
          label: other === undefined || labelOf === undefined ? label : labelOf(capital(other)),
          detail,
          isNarrowOnly: action === 'changeOptions',
          run: () => act(action),
        })),
    );
  }
}

/** A line of facts with dots between. */
class Facts {
  readonly root: HTMLElement;
  private readonly list: ElementList<FactView, { readonly root: HTMLElement }>;

  constructor(label: string) {
    this.root = element('ul', { class: 'facts', 'aria-label': label });
    this.list = new ElementList(
      this.root,
      (): { readonly root: HTMLElement } => ({ root: element('li') }),
      ({ root }, fact) => {
        setText(root, fact.text);
        setAttribute(root, 'title', `${fact.label}: ${fact.title ?? fact.text}`);
      },
    );
  }

  show(facts: readonly FactView[]): void {
    this.list.show(facts);
  }
}
