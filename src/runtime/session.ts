import * as ort from 'onnxruntime-node';
import { reasonOf } from '../base/reason';
import { UserError } from '../base/userError';
import type { Shape } from '../base/shape';
import type { SplitModel } from '../onnx/model';
import type { GraphOptimization } from './graphOptimization';
import { describeProvider, type ExecutionProvider } from './provider';

/** A float32 tensor by its row-major data. */
export interface Tensor {
  readonly shape: Shape;
  readonly data: Float32Array;
}

/** Version of the ONNX Runtime library, for reports. */
export const runtimeVersion: string = ort.env.versions.common;

/** A loaded model; `release` frees its native memory. */
export class Session {
  private constructor(private readonly native: ort.InferenceSession) {}

  /**
   * Loads a model.
   *
   * @param model bytes of an ONNX file, or a model whose large tensors are still where they were: these
   * are not copied on the way
   * @param optimization see {@link GraphOptimization}; the sessions of one net must share it
   * @throws UserError when a provider other than the CPU cannot take it
   */
  static async create(
    model: Uint8Array | SplitModel,
    provider: ExecutionProvider,
    optimization: GraphOptimization = 'all',
  ): Promise<Session> {
    try {
      return await Session.open(model, provider, optimization);
    } catch (cause) {
      if (provider.kind === 'cpu') throw cause;
      throw new UserError(
        'runtime/provider-failed',
        `${describeProvider(provider)} cannot load the net (${reasonOf(cause).split('\n')[0]}): ` +
          'free its memory or make batch_size smaller, or use the CPU',
        {},
        { cause },
      );
    }
  }

  /** Like {@link create}, but rejects with the runtime's own error. */
  static async open(
    model: Uint8Array | SplitModel,
    provider: ExecutionProvider,
    optimization: GraphOptimization = 'all',
  ): Promise<Session> {
    // Since Ampere, NVIDIA's libraries multiply float32 with 10 mantissa bits unless told not to
    // before they are loaded: scores would differ from the CPU's.
    if (provider.kind === 'cuda') process.env['NVIDIA_TF32_OVERRIDE'] ??= '0';
    const { bytes, external } =
      model instanceof Uint8Array ? { bytes: model, external: [] } : model;
    const native = await ort.InferenceSession.create(bytes, {
      executionProviders: [
        provider.kind === 'cuda' ? { name: 'cuda', deviceId: provider.deviceId } : provider.kind,
      ],
      graphOptimizationLevel: optimization,
      ...(provider.kind === 'cpu' && provider.threads !== undefined
        ? { intraOpNumThreads: provider.threads }
        : {}),
      // 3 = errors only: the runtime warns about every unused initializer otherwise.
      logSeverityLevel: 3,
      ...(external.length === 0
        ? {}
        : { externalData: external.map(({ location: path, data }) => ({ path, data })) }),
    });
    return new Session(native);
  }

  /** Runs the model on one batch and returns its float32 outputs by name. */
  async run(inputs: ReadonlyMap<string, Tensor>): Promise<ReadonlyMap<string, Tensor>> {
    const feeds: Record<string, ort.Tensor> = {};
    for (const [name, { data, shape }] of inputs) {
      feeds[name] = new ort.Tensor('float32', data, shape);
    }
    const results = await this.native.run(feeds);
    return new Map(
      Object.entries(results).map(([name, { data, dims }]) => {
        if (!(data instanceof Float32Array)) throw new Error(`output ${name} is not float32`);
        return [name, { data, shape: dims }];
      }),
    );
  }

  async release(): Promise<void> {
    await this.native.release();
  }
}
