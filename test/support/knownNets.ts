/** Well-known networks as prototxt text, written from their papers' tables: layers, no weights. */

import { block, Chain, type Fields } from './netChain';

/** Krizhevsky et al., 2012; 61 million weights, two of its fully connected layers hold most. */
export function alexNet(): string {
  const norm = block('lrn_param', { local_size: 5, alpha: 1e-4, beta: 0.75 });
  return new Chain('data')
    .conv('conv1', 96, 11, { stride: 4 })
    .relu()
    .add('norm1', 'LRN', norm)
    .pool('pool1', 3, 2)
    .conv('conv2', 256, 5, { pad: 2, group: 2 })
    .relu()
    .add('norm2', 'LRN', norm)
    .pool('pool2', 3, 2)
    .conv('conv3', 384, 3, { pad: 1 })
    .relu()
    .conv('conv4', 384, 3, { pad: 1, group: 2 })
    .relu()
    .conv('conv5', 256, 3, { pad: 1, group: 2 })
    .relu()
    .pool('pool5', 3, 2)
    .fc('fc6', 4096)
    .relu()
    .inPlace('drop6', 'Dropout')
    .fc('fc7', 4096)
    .relu()
    .inPlace('drop7', 'Dropout')
    .fc('fc8', 1000)
    .net('AlexNet', 227);
}

/** Simonyan and Zisserman, 2014, configuration D; 138 million weights. */
export function vgg16(): string {
  const chain = new Chain('data');
  [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ].forEach(([width = 0, depth = 0], stage) => {
    for (let i = 1; i <= depth; i++) {
      chain.conv(`conv${stage + 1}_${i}`, width, 3, { pad: 1 }).relu();
    }
    chain.pool(`pool${stage + 1}`, 2, 2);
  });
  return chain.fc('fc6', 4096).relu().fc('fc7', 4096).relu().fc('fc8', 1000).net('VGG16', 224);
}

/** Szegedy et al., 2014, without the auxiliary classifiers; 7 million weights. */
export function googLeNet(size = 224): string {
  const chain = new Chain('data');
  const inception = (name: string, widths: readonly number[]): void => {
    const from = chain.top;
    const [w1 = 0, r3 = 0, w3 = 0, r5 = 0, w5 = 0, wp = 0] = widths;
    const tops = [
      chain.branch(from, (c) => c.conv(`${name}/1x1`, w1, 1).relu()),
      chain.branch(from, (c) =>
        c.conv(`${name}/3x3r`, r3, 1).relu().conv(`${name}/3x3`, w3, 3, { pad: 1 }).relu(),
      ),
      chain.branch(from, (c) =>
        c.conv(`${name}/5x5r`, r5, 1).relu().conv(`${name}/5x5`, w5, 5, { pad: 2 }).relu(),
      ),
      chain.branch(from, (c) =>
        c.pool(`${name}/pool`, 3, 1, { pad: 1 }).conv(`${name}/proj`, wp, 1).relu(),
      ),
    ];
    chain.joined(`${name}/output`, 'Concat', tops);
  };
  chain.conv('conv1', 64, 7, { pad: 3, stride: 2 }).relu().pool('pool1', 3, 2);
  chain.add('norm1', 'LRN').conv('conv2r', 64, 1).relu();
  chain.conv('conv2', 192, 3, { pad: 1 }).relu().add('norm2', 'LRN').pool('pool2', 3, 2);
  inception('3a', [64, 96, 128, 16, 32, 32]);
  inception('3b', [128, 128, 192, 32, 96, 64]);
  chain.pool('pool3', 3, 2);
  inception('4a', [192, 96, 208, 16, 48, 64]);
  inception('4b', [160, 112, 224, 24, 64, 64]);
  inception('4c', [128, 128, 256, 24, 64, 64]);
  inception('4d', [112, 144, 288, 32, 64, 64]);
  inception('4e', [256, 160, 320, 32, 128, 128]);
  chain.pool('pool4', 3, 2);
  inception('5a', [256, 160, 320, 32, 128, 128]);
  inception('5b', [384, 192, 384, 48, 128, 128]);
  chain.add('pool5', 'Pooling', block('pooling_param', { pool: 'AVE', global_pooling: true }));
  return chain.fc('classifier', 1000).net('GoogLeNet', size);
}

/** He et al., 2015; 25 million weights, each convolution followed by BatchNorm and Scale. */
export function resNet50(size = 224): string {
  const chain = new Chain('data');
  normalized(chain, 'conv1', 64, 7, { pad: 3, stride: 2 }).relu().pool('pool1', 3, 2);
  [3, 4, 6, 3].forEach((depth, stage) => {
    const width = 64 * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const from = chain.top;
      const name = `res${stage + 2}${String.fromCharCode(97 + i)}`;
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const shortcut =
        i > 0
          ? from
          : chain.branch(from, (c) => normalized(c, `${name}_1`, 4 * width, 1, { stride }));
      const residual = chain.branch(from, (c) => {
        normalized(c, `${name}_2a`, width, 1, { stride }).relu();
        normalized(c, `${name}_2b`, width, 3, { pad: 1 }).relu();
        return normalized(c, `${name}_2c`, 4 * width, 1, {});
      });
      chain.joined(name, 'Eltwise', [shortcut, residual]).relu();
    }
  });
  chain.add('pool5', 'Pooling', block('pooling_param', { pool: 'AVE', global_pooling: true }));
  return chain.fc('fc1000', 1000).net('ResNet-50', size);
}

/** A convolution without a bias, BatchNorm and Scale in place after it. */
function normalized(c: Chain, name: string, width: number, kernel: number, more: Fields): Chain {
  return c
    .conv(name, width, kernel, { bias_term: false, ...more })
    .inPlace(`bn_${name}`, 'BatchNorm')
    .inPlace(`scale_${name}`, 'Scale', block('scale_param', { bias_term: true }));
}

/** Iandola et al., 2016, version 1.1: 1.2 million weights, 26 layers to quantize. */
export function squeezeNet(size = 227): string {
  const chain = new Chain('data');
  const fire = (n: number, squeeze: number, expand: number): void => {
    const from = chain.conv(`fire${n}/squeeze1x1`, squeeze, 1).relu().top;
    chain.joined(`fire${n}/concat`, 'Concat', [
      chain.branch(from, (c) => c.conv(`fire${n}/expand1x1`, expand, 1).relu()),
      chain.branch(from, (c) => c.conv(`fire${n}/expand3x3`, expand, 3, { pad: 1 }).relu()),
    ]);
  };
  chain.conv('conv1', 64, 3, { stride: 2 }).relu().pool('pool1', 3, 2);
  fire(2, 16, 64);
  fire(3, 16, 64);
  chain.pool('pool3', 3, 2);
  fire(4, 32, 128);
  fire(5, 32, 128);
  chain.pool('pool5', 3, 2);
  fire(6, 48, 192);
  fire(7, 48, 192);
  fire(8, 64, 256);
  fire(9, 64, 256);
  chain.inPlace('drop9', 'Dropout').conv('conv10', 1000, 1).relu();
  chain.add('pool10', 'Pooling', block('pooling_param', { pool: 'AVE', global_pooling: true }));
  return chain.net('SqueezeNet', size);
}

/** Sandler et al., 2018, width 1: 3.5 million weights, 53 layers to quantize, 17 of them depthwise. */
export function mobileNetV2(size = 224): string {
  const chain = new Chain('data');
  normalized(chain, 'conv1', 32, 3, { pad: 1, stride: 2 }).relu();
  let width = 32;
  [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ].forEach(([expansion = 1, wide = 0, repeats = 0, firstStride = 1], stage) => {
    for (let i = 0; i < repeats; i++) {
      const from = chain.top;
      const name = `block${stage + 1}_${i + 1}`;
      const stride = i === 0 ? firstStride : 1;
      const inner = expansion * width;
      const build = (c: Chain): Chain => {
        if (expansion > 1) normalized(c, `${name}/expand`, inner, 1, {}).relu();
        const depthwise = { pad: 1, stride, group: inner };
        normalized(c, `${name}/dwise`, inner, 3, depthwise).relu();
        return normalized(c, `${name}/linear`, wide, 1, {});
      };
      if (stride === 1 && width === wide) {
        chain.joined(name, 'Eltwise', [from, chain.branch(from, build)]);
      } else {
        build(chain);
      }
      width = wide;
    }
  });
  normalized(chain, 'conv_last', 1280, 1, {}).relu();
  chain.add('pool_last', 'Pooling', block('pooling_param', { pool: 'AVE', global_pooling: true }));
  return chain.fc('classifier', 1000).net('MobileNet v2', size);
}

/**
 * He et al., 2015, section 4.2: three stages of `blocks` residual blocks on 32x32 images, `6 blocks + 2`
 * layers and two shortcuts to quantize.
 */
export function residualNet(blocks: number): string {
  const chain = new Chain('data');
  normalized(chain, 'conv1', 16, 3, { pad: 1 }).relu();
  [16, 32, 64].forEach((width, stage) => {
    for (let i = 0; i < blocks; i++) {
      const from = chain.top;
      const name = `res${stage + 1}_${i + 1}`;
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const shortcut =
        stride === 1
          ? from
          : chain.branch(from, (c) => normalized(c, `${name}_1`, width, 1, { stride }));
      const residual = chain.branch(from, (c) => {
        normalized(c, `${name}_2a`, width, 3, { pad: 1, stride }).relu();
        return normalized(c, `${name}_2b`, width, 3, { pad: 1 });
      });
      chain.joined(name, 'Eltwise', [shortcut, residual]).relu();
    }
  });
  chain.add('pool', 'Pooling', block('pooling_param', { pool: 'AVE', global_pooling: true }));
  return chain.fc('classifier', 100).net(`residual net, ${6 * blocks + 2} layers`, 32);
}
