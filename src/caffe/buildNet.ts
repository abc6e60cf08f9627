import { UserError, type ErrorPlace } from '../base/userError';
import { words } from '../base/words';
import { caffeMessage } from './caffeSchema';
import { checkBlobs } from './blobFlow';
import { describeRule } from './excludedLayers';
import { placeOf, type NetFile } from './netFile';
import { takesPart, type NetState } from './phase';
import { ruleFaults, setupFaults, type SetupFault } from './setupFaults';
import type { BlobShape, InputParameter, LayerParameter } from './schema';
import type { Layer, Net } from './net';

/**
 * Builds the net of one state (phase, level, stages) from its file.
 *
 * @param isPhaseOpen whether whoever reads an error may ask for another phase instead
 * @throws UserError for a bottom nobody makes, a cycle, a top made twice, or what Caffe refuses when
 * it sets a layer up.
 */
export function buildNet(
  file: NetFile,
  callerState: NetState,
  { isPhaseOpen = true }: { readonly isPhaseOpen?: boolean } = {},
): Net {
  const { message, nodes } = file.bound;
  // Phase and level are the caller's; stages that the file names count as well, as in Caffe.
  const stages = [...callerState.stages, ...(message.state?.stage ?? [])];
  const state = { ...callerState, stages };
  const written = message.layer.map((param) =>
    toLayer(param, placeOf(file.source, nodes.messageNode(param)?.range)),
  );
  const excluded = written.filter(({ param }) => !takesPart(param, state));
  const layers = [...headerInputs(file), ...written.filter((layer) => !excluded.includes(layer))];
  refuseProto(layers);
  for (const layer of excluded) refuseFaults(layer, ruleFaults(layer.param));
  for (const layer of layers) refuseFaults(layer, setupFaults(layer));
  const outputs = checkBlobs(layers, state.phase, (blob) => {
    const maker = excluded.find(({ tops }) => tops.includes(blob));
    return maker === undefined
      ? undefined
      : words`layer "${maker.name}" (line ${String(maker.place.line)}) would make it, but ${describeRule(
          maker.param,
          state,
          isPhaseOpen,
        )}`;
  });
  return { excluded, file, name: message.name, state, layers, allLayers: layers, outputs };
}

function refuseFaults({ name, type, place }: Layer, [fault]: readonly SetupFault[]): void {
  if (fault === undefined) return;
  throw new UserError(
    fault.code,
    `layer "${name}" (${type}): ${fault.detail} (Caffe refuses this net too)`,
    place,
  );
}

/** The runtime holds blobs in plain objects, in which this name is taken. */
function refuseProto(layers: readonly Layer[]): void {
  const layer = layers.find(({ tops }) => tops.includes('__proto__'));
  if (layer === undefined) return;
  throw new UserError(
    'net/blob-name',
    `layer "${layer.name}": a blob cannot be called "__proto__" here; give it another name`,
    layer.place,
  );
}

function toLayer(param: LayerParameter, place: ErrorPlace): Layer {
  return {
    name: param.name,
    type: param.type,
    bottoms: param.bottom,
    tops: param.top,
    param,
    place,
  };
}

/**
 * `input:` lines in a file's header stand for Input layers: later code then knows one form. As in
 * Caffe, an `input_shape` for one of them makes all `input_dim` count for nothing.
 *
 * @throws UserError for an input that has no shape while others do
 */
function headerInputs(file: NetFile): Layer[] {
  const { message, nodes } = file.bound;
  const { input, input_shape: shapes, input_dim: dims } = message;
  return input.map((blob, index) => {
    const place = placeOf(file.source, nodes.valueNode(message, 'input', index)?.range);
    if (shapes.length === 0 && dims.length === 0) return inputLayer([blob], place);
    const fourDims = dims.slice(index * 4, index * 4 + 4);
    const shape = shapes.length > 0 ? shapes[index]?.dim : fourDims;
    if (shape === undefined || (shapes.length === 0 && fourDims.length < 4)) {
      const found =
        shapes.length > 0
          ? `${shapes.length} input_shape for ${input.length} inputs: give each one`
          : `${dims.length} input_dim for ${input.length} inputs: give each four, or an input_shape`;
      throw new UserError(
        'net/input-shape',
        `input "${blob}" has no shape: there ${found.startsWith('1 ') ? 'is' : 'are'} ${found}`,
        place,
      );
    }
    return inputLayer([blob], place, [shape]);
  });
}

/**
 * An Input layer that no file holds.
 *
 * @param shapes of its tops; empty where they come from elsewhere
 */
export function inputLayer(
  tops: readonly string[],
  place: ErrorPlace,
  shapes: readonly (readonly number[])[] = [],
): Layer {
  const shape = shapes.map((dim) => caffeMessage<BlobShape>('BlobShape', { dim }));
  const param = caffeMessage<LayerParameter>('LayerParameter', {
    name: tops.join(', '),
    type: 'Input',
    top: tops,
    input_param: caffeMessage<InputParameter>('InputParameter', { shape }),
  });
  return toLayer(param, place);
}
