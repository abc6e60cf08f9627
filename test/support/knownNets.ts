/** Well-known networks as prototxt text, written from their papers' tables: layers, no weights. */

const input = (size: number): string =>
  `layer { name: "data" type: "Input" top: "data" ` +
  `input_param { shape { dim: 1 dim: 3 dim: ${size} dim: ${size} } } }`;

interface Fields {
  readonly [name: string]: number | string | boolean;
}

function layer(name: string, type: string, bottoms: string[], top: string, param = ''): string {
  const from = bottoms.map((bottom) => `bottom: "${bottom}"`).join(' ');
  return `layer { name: "${name}" type: "${type}" ${from} top: "${top}" ${param} }`;
}

const block = (name: string, fields: Fields): string =>
  `${name} { ${Object.entries(fields)
    .map(([field, value]) => `${field}: ${value}`)
    .join(' ')} }`;

/** A layer after the other, each on the top of the one before. */
class Chain {
  readonly lines: string[] = [];

  constructor(private blob: string) {}

  get top(): string {
    return this.blob;
  }

  add(name: string, type: string, param = ''): this {
    this.lines.push(layer(name, type, [this.blob], name, param));
    this.blob = name;
    return this;
  }

  inPlace(name: string, type: string, param = ''): this {
    this.lines.push(layer(name, type, [this.blob], this.blob, param));
    return this;
  }

  conv(name: string, num_output: number, kernel_size: number, more: Fields = {}): this {
    return this.add(
      name,
      'Convolution',
      block('convolution_param', { num_output, kernel_size, ...more }),
    );
  }

  relu(): this {
    return this.inPlace(`relu_${this.blob}`, 'ReLU');
  }

  pool(name: string, kernel_size: number, stride: number, more: Fields = {}): this {
    return this.add(
      name,
      'Pooling',
      block('pooling_param', { pool: 'MAX', kernel_size, stride, ...more }),
    );
  }

  fc(name: string, num_output: number): this {
    return this.add(name, 'InnerProduct', block('inner_product_param', { num_output }));
  }

  joined(name: string, type: string, bottoms: string[]): this {
    this.lines.push(layer(name, type, bottoms, name));
    this.blob = name;
    return this;
  }

  branch(from: string, build: (chain: Chain) => Chain): string {
    const chain = build(new Chain(from));
    this.lines.push(...chain.lines);
    return chain.top;
  }

  net(name: string, size: number): string {
    this.add('prob', 'Softmax');
    return [`name: "${name}"`, input(size), ...this.lines].join('\n');
  }
}

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
export function googLeNet(): string {
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
  return chain.fc('classifier', 1000).net('GoogLeNet', 224);
}

/** He et al., 2015; 25 million weights, each convolution followed by BatchNorm and Scale. */
export function resNet50(): string {
  const chain = new Chain('data');
  const convolution = (
    c: Chain,
    name: string,
    width: number,
    kernel: number,
    more: Fields,
  ): Chain =>
    c
      .conv(name, width, kernel, { bias_term: false, ...more })
      .inPlace(`bn_${name}`, 'BatchNorm')
      .inPlace(`scale_${name}`, 'Scale', block('scale_param', { bias_term: true }));
  convolution(chain, 'conv1', 64, 7, { pad: 3, stride: 2 }).relu().pool('pool1', 3, 2);
  [3, 4, 6, 3].forEach((depth, stage) => {
    const width = 64 * 2 ** stage;
    for (let i = 0; i < depth; i++) {
      const from = chain.top;
      const name = `res${stage + 2}${String.fromCharCode(97 + i)}`;
      const stride = i === 0 && stage > 0 ? 2 : 1;
      const shortcut =
        i > 0
          ? from
          : chain.branch(from, (c) => convolution(c, `${name}_1`, 4 * width, 1, { stride }));
      const residual = chain.branch(from, (c) => {
        convolution(c, `${name}_2a`, width, 1, { stride }).relu();
        convolution(c, `${name}_2b`, width, 3, { pad: 1 }).relu();
        return convolution(c, `${name}_2c`, 4 * width, 1, {});
      });
      chain.joined(name, 'Eltwise', [shortcut, residual]).relu();
    }
  });
  chain.add('pool5', 'Pooling', block('pooling_param', { pool: 'AVE', global_pooling: true }));
  return chain.fc('fc1000', 1000).net('ResNet-50', 224);
}
