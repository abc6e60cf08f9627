import { MultiBar, type SingleBar } from 'cli-progress';
import type { Progress } from '../engine/files/progress';
import { systemReason } from '../base/reason';
import { shown } from '../base/shown';
import { exitCodes } from './exitCodes';
import { progressLine } from './progressLine';

/** The terminal: results go to stdout; notes, progress and errors to stderr. */
export class Console {
  private bars: MultiBar | undefined;
  private bar: SingleBar | undefined;
  private shown: Progress | undefined;

  constructor() {
    process.stdout.once('error', (fault: NodeJS.ErrnoException) => {
      process.stdout.on('error', () => {
        // Once said is enough.
      });
      // Nobody reads on (`| head -1`): that is no failure, and files are still to be written.
      if (fault.code === 'EPIPE') return;
      process.exitCode = exitCodes.failed;
      this.note(`ristretto: the result cannot be printed (${systemReason(fault)})`);
    });
    process.stderr.on('error', () => {
      // There is no other place to say so.
    });
  }

  /** A line of the result: one, whatever names out of files hold. */
  print(text: string): void {
    this.printText(shown(text, '\t'));
  }

  /** Lines of the result, in which names were made safe before. */
  printText(text: string): void {
    process.stdout.write(`${shown(text, '\n\t')}\n`);
  }

  /** A line beside the result: one, whatever names out of files hold. */
  note(text: string): void {
    const line = `${shown(text)}\n`;
    if (this.bars === undefined) process.stderr.write(line);
    else this.bars.log(line);
  }

  /** Shows how far the run is, where there is a terminal to draw on. */
  progress(progress: Progress): void {
    if (!process.stderr.isTTY) return;
    this.shown = progress;
    if (this.bar !== undefined) {
      this.bar.update(progress.share);
      return;
    }
    this.bars = new MultiBar({
      stream: process.stderr,
      // The last column stays free: some terminals go to the next line after it.
      format: () => this.line((process.stderr.columns || usualColumns) - 1),
      hideCursor: true,
      clearOnComplete: true,
      // Ctrl-C is handled in one place, which closes the bar too.
      gracefulExit: false,
      fps: 10,
    });
    this.bar = this.bars.create(1, progress.share);
  }

  /** Takes the progress bar off the screen. */
  endProgress(): void {
    // Notes wait for the next drawing: without one the last of them would be lost.
    this.bars?.update();
    this.bars?.stop();
    this.bars = undefined;
    this.bar = undefined;
  }

  private line(columns: number): string {
    return this.shown === undefined ? '' : progressLine(this.shown, columns);
  }
}

/** Of a terminal that does not say how wide it is. */
const usualColumns = 80;
