import type { PageAction, PanelView } from '../src/runs/panelMessages';
import { button, element, ElementList, setAttribute, setShown, setText } from './dom';
import { act } from './host';
import { Menu } from './menu';

/** Actions that have buttons of their own in the header; the others are in its menu. */
const menuLabels: readonly (readonly [PageAction, string])[] = [
  ['changeOptions', 'Quantize with Other Options…'],
  ['openDiff', 'Open in Diff Editor'],
  ['copyReport', 'Copy Report'],
  ['exportJson', 'Export JSON…'],
  ['exportCsv', 'Export CSV…'],
  ['exportOnnx', 'Export Quantized ONNX…'],
  ['openNet', 'Open Net'],
  ['showLog', 'Show Log'],
];

/** Title, files, and what can be done. */
export class Header {
  readonly root = element('header', { class: 'header' });
  private readonly title = element('h1');
  private readonly again = button('Quantize Again', 'secondary', () => act('quantizeAgain'));
  private readonly save = button('Save Prototxt', 'primary', () => act('savePrototxt'));
  private readonly menu = new Menu();
  private readonly facts = element('ul', { class: 'facts', 'aria-label': 'About this run' });
  private readonly factList = new ElementList(
    this.facts,
    () => {
      const root = element('li');
      return { root };
    },
    ({ root }, { label, text, title }: PanelView['facts'][number]) => {
      setText(root, text);
      setAttribute(root, 'title', title === undefined ? label : `${label}: ${title}`);
    },
  );

  constructor() {
    const actions = element('div', { class: 'actions' }, this.again, this.save, this.menu.root);
    this.root.append(element('div', { class: 'title-row' }, this.title, actions), this.facts);
  }

  update({ title, facts, actions }: PanelView): void {
    setText(this.title, title);
    this.factList.show(facts);
    setShown(this.again, actions.includes('quantizeAgain'));
    setShown(this.save, actions.includes('savePrototxt'));
    this.menu.update(
      menuLabels
        .filter(([action]) => actions.includes(action))
        .map(([action, label]) => ({ label, run: () => act(action) })),
    );
  }
}
