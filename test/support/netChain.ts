const input = (size: number): string =>
  `layer { name: "data" type: "Input" top: "data" ` +
  `input_param { shape { dim: 1 dim: 3 dim: ${size} dim: ${size} } } }`;

export interface Fields {
  readonly [name: string]: number | string | boolean;
}

function layer(name: string, type: string, bottoms: string[], top: string, param = ''): string {
  const from = bottoms.map((bottom) => `bottom: "${bottom}"`).join(' ');
  return `layer { name: "${name}" type: "${type}" ${from} top: "${top}" ${param} }`;
}

/** A message by its fields. */
export const block = (name: string, fields: Fields): string =>
  `${name} { ${Object.entries(fields)
    .map(([field, value]) => `${field}: ${value}`)
    .join(' ')} }`;

/** A layer after the other, each on the top of the one before. */
export class Chain {
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
