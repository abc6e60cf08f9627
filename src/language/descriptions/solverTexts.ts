import type { SolverParameter, SolverState } from '../../caffe/schema';
import type { MessageText } from './texts';

const solver: MessageText<SolverParameter> = {
  summary: 'How a net is trained: which net, how long, how fast it learns.',
  fields: {
    net: 'File of the net, for training and testing both.',
    net_param: 'The net itself, instead of its file.',
    train_net: 'File of the net that is trained, where the one for testing is another file.',
    test_net: 'File of a net that is tested. There may be several.',
    train_net_param: 'The net that is trained itself, instead of its file.',
    test_net_param: 'A net that is tested itself, instead of its file.',
    train_state: 'Level and stages that the net is trained in.',
    test_state: 'Level and stages of each net that is tested, in their order.',
    test_iter: 'Batches of each test, one number for each net that is tested.',
    test_interval: 'Tests the net after so many training steps; 0 never.',
    test_compute_loss: 'Whether the loss is computed in tests, too.',
    test_initialization: 'Whether a first test is run before training starts.',
    base_lr: 'Learning rate at the start.',
    display: 'Logs the loss after so many steps; 0 never.',
    average_loss: 'Logs the mean loss of so many steps.',
    max_iter: 'Steps to train for.',
    iter_size: 'Batches whose gradients are added up for one step.',
    lr_policy:
      'How the learning rate goes down: `fixed`, `step`, `exp`, `inv`, `multistep`, `poly` or `sigmoid`.',
    gamma: 'Factor of the learning rate, as `lr_policy` says.',
    power: 'Exponent of `inv` and `poly`.',
    momentum: 'Share of the last step that is added to the next one.',
    weight_decay: 'How much weights are drawn towards 0.',
    regularization_type: 'L2 draws in proportion to the weight, L1 by a constant amount.',
    stepsize: 'Steps after which `step` lowers the learning rate, and the middle of `sigmoid`.',
    stepvalue: 'Steps at which `multistep` lowers the learning rate.',
    clip_gradients: 'Makes gradients smaller that are together larger than this; -1 never.',
    snapshot: 'Saves the weights after so many steps; 0 only at the end.',
    snapshot_prefix: 'Start of the names of saved files: `_iter_N.caffemodel` follows.',
    snapshot_diff: 'Whether gradients are saved, too.',
    snapshot_format: 'Kind of saved files: BINARYPROTO (`.caffemodel`) or HDF5 (`.caffemodel.h5`).',
    solver_mode: 'Whether Caffe computes on the CPU or the GPU.',
    device_id: 'Number of the GPU.',
    random_seed: 'Start of the random numbers; -1 takes the clock, so that every run differs.',
    type: 'The method: `SGD`, `Nesterov`, `AdaGrad`, `RMSProp`, `AdaDelta` or `Adam`.',
    delta: 'Small number that keeps AdaGrad, RMSProp, AdaDelta and Adam from dividing by 0.',
    momentum2: 'Second momentum of Adam.',
    rms_decay: 'How much of the mean of squares RMSProp keeps at each step.',
    debug_info: 'Whether Caffe logs the mean size of all values and gradients.',
    snapshot_after_train: 'Whether the weights are saved at the end of training.',
    solver_type: 'The older, numbered form of `type`.',
    layer_wise_reduce:
      'With several GPUs: whether gradients are added up layer by layer while others are computed.',
    weights: 'Caffemodel to start from. Several have commas between.',
  },
};

const solverState: MessageText<SolverState> = {
  summary: 'Where training stopped, to go on from there.',
  fields: {
    iter: 'Steps that were done.',
    learned_net: 'File with the weights.',
    history: 'What the method remembers of earlier steps.',
    current_step: 'Times that the learning rate was lowered.',
  },
};

/** Training. */
export const solverTexts = { SolverParameter: solver, SolverState: solverState };
