import { element, setText } from './dom';

/**
 * What a mark of a chart says, on lines of its own below the drawing: beside the mark it would cover
 * others. Its room is always kept. Screen readers hear the mark itself.
 */
export class Readout {
  readonly root = element('figcaption', { class: 'readout', 'aria-hidden': 'true' });
  private isShowing = false;
  private rest = '';

  /** Says what a mark is. */
  show(text: string): void {
    this.isShowing = true;
    this.root.classList.remove('quiet');
    setText(this.root, text);
  }

  /** Says what is said while no mark is looked at. */
  hide(): void {
    this.isShowing = false;
    this.root.classList.add('quiet');
    setText(this.root, this.rest);
  }

  /** @param text what to say while no mark is looked at */
  setRest(text: string): void {
    this.rest = text;
    if (!this.isShowing) this.hide();
  }
}
