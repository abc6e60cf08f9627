import type { BatchSource } from './batches';
import type { DataSource, Shape } from './source';

/** Images, and their labels where there is a second top, as a data layer's tops. */
export class LabelledImages implements DataSource {
  constructor(
    private readonly images: BatchSource,
    private readonly tops: 1 | 2,
    private readonly location: string,
  ) {}

  get locations(): readonly string[] {
    return [this.location];
  }

  get listed(): readonly string[] {
    return this.images.files;
  }

  get shapes(): readonly Shape[] {
    const { shape } = this.images;
    return this.tops === 2 ? [shape, [shape[0]]] : [shape];
  }

  get records(): number {
    return this.images.sourceRecords;
  }

  get path(): string {
    return this.images.path;
  }

  async batch(index: number): Promise<readonly Float32Array[]> {
    const { data, labels } = await this.images.batch(index);
    return this.tops === 2 ? [data, labels] : [data];
  }

  describe(batch: number, position: number): Promise<string> {
    return this.images.recordName(batch, position);
  }

  close(): Promise<void> {
    return this.images.close();
  }
}
