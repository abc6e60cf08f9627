import { isRistrettoType } from './layerTypes';
import type { Layer, Net } from './net';

/** What the user should know of how the quantized layers of a net round. */
export function quantizationNotes({ layers }: Pick<Net, 'layers'>): string[] {
  const quantized = layers.filter(({ type }) => isRistrettoType(type));
  const bare = quantized.filter(({ param }) => param.quantization_param === undefined);
  const random = quantized.filter(
    ({ param }) => param.quantization_param?.rounding_scheme === 'STOCHASTIC',
  );
  const notes: string[] = [];
  if (bare.length > 0) {
    notes.push(
      `${list(bare)} without quantization_param: next to float, as in the original, whose ` +
        'defaults are 32 bits with 16 of them after the point',
    );
  }
  if (random.length > 0) {
    notes.push(
      `${list(random)} with rounding_scheme: STOCHASTIC: rounded to the nearest number here; ` +
        'the original rounds at random, to another score every run',
    );
  }
  return notes;
}

/** What the user should know of an ONNX file of a net; undefined for one without quantized layers. */
export function simulationNote({ layers }: Pick<Net, 'layers'>): string | undefined {
  const quantized = layers.filter(({ type }) => isRistrettoType(type));
  if (quantized.length === 0) return undefined;
  const which =
    quantized.length === 1 ? '1 quantized layer' : `${quantized.length} quantized layers`;
  return (
    `the ONNX file simulates ${which}: it holds and computes rounded numbers as float32, so it is ` +
    'as large as that of the float net'
  );
}

function list(layers: readonly Layer[]): string {
  const names = layers.map(({ name, place }) => `"${name}" (line ${place.line})`);
  const shown = names.slice(0, 5);
  const more = names.length - shown.length;
  const noun = names.length === 1 ? 'layer' : 'layers';
  return `${noun} ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
