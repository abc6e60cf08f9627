import type { FactView, PageAction, PanelView } from '../src/runs/panelMessages';
import { button, element, ElementList, setAttribute, setShown, setText } from './dom';
import { act } from './host';
import { Menu } from './menu';

/** Actions of the menu; the first has a button of its own where there is room. */
const menuEntries: readonly (readonly [PageAction, string])[] = [
  ['changeOptions', 'Quantize with Other Options…'],
  ['openDiff', 'Open in Diff Editor'],
  ['copyReport', 'Copy Report'],
  ['exportJson', 'Export JSON…'],
  ['exportCsv', 'Export CSV…'],
  ['exportOnnx', 'Export Quantized ONNX…'],
  ['openNet', 'Open Net'],
  ['showLog', 'Show Log'],
];

/** Facts of the first line: what was read. The others say how it was run. */
const inputFacts = ['Net', 'Weights', 'Data'];

/** Title, files, state, and what can be done. */
export class Header {
  readonly root = element('header', { class: 'header' });
  private readonly title = element('h1');
  private readonly buttons: readonly (readonly [PageAction, HTMLElement])[] = [
    ['tryAgain', button('Try Again', 'primary', () => act('tryAgain'))],
    ['quantizeAgain', button('Quantize Again', 'secondary', () => act('quantizeAgain'))],
    ['changeOptions', button('Change Options…', 'secondary', () => act('changeOptions'))],
    ['savePrototxt', button('Save Prototxt', 'primary', () => act('savePrototxt'))],
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
    this.root.append(
      element('div', { class: 'title-row' }, this.title, actions),
      this.inputs.root,
      element('div', { class: 'state-row' }, this.settings.root, this.state),
    );
  }

  update({ title, facts, actions, status, statusText, failure }: PanelView): void {
    setText(this.title, title);
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
        .filter(([action]) => actions.includes(action))
        .map(([action, label]) => ({
          label,
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
