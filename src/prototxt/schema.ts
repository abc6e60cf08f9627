import protobuf from 'protobufjs';

/** Protobuf's scalar types, as far as text and binary files of proto2 know them. */
export type ScalarType =
  | 'double'
  | 'float'
  | 'int32'
  | 'uint32'
  | 'sint32'
  | 'fixed32'
  | 'sfixed32'
  | 'int64'
  | 'uint64'
  | 'sint64'
  | 'fixed64'
  | 'sfixed64'
  | 'bool'
  | 'string'
  | 'bytes';

/** The value of a scalar or enum field; enums are the names of their values. */
export type FieldValue = number | string | boolean | Uint8Array;

/** A field of a message. */
export interface FieldType {
  readonly name: string;
  /** The number that stands for the name in binary files. */
  readonly id: number;
  readonly type: ScalarType | EnumType | MessageType;
  readonly repeated: boolean;
  readonly required: boolean;
  readonly packed: boolean;
  /** What an unset field reads as; undefined for messages and repeated fields. */
  readonly defaultValue: FieldValue | undefined;
  /** Whether the schema names that default; else it is the zero of the type. */
  readonly namesDefault: boolean;
}

/** An enum: its values by name and by number. */
export class EnumType {
  readonly kind = 'enum';
  readonly numbers: ReadonlyMap<string, number>;
  readonly names: ReadonlyMap<number, string>;

  constructor(
    readonly name: string,
    values: Readonly<Record<string, number>>,
  ) {
    this.numbers = new Map(Object.entries(values));
    this.names = new Map(Object.entries(values).map(([key, value]) => [value, key]));
  }
}

/** A message: its fields, and the objects that hold its values. */
export class MessageType {
  readonly kind = 'message';
  private table: ReadonlyMap<string, FieldType> | undefined;
  private requires: boolean | undefined;
  private prototype: object | undefined;

  constructor(
    private readonly schema: Schema,
    private readonly definition: protobuf.Type,
    readonly name: string,
  ) {}

  /** Fields by name, in the order of the schema. */
  get fields(): ReadonlyMap<string, FieldType> {
    // Made late, as messages refer to each other in circles.
    this.table ??= new Map(
      this.definition.fieldsArray.map((field) => [field.name, this.schema.fieldType(field)]),
    );
    return this.table;
  }

  /** Whether a file must give some of the fields. */
  get hasRequired(): boolean {
    return (this.requires ??= [...this.fields.values()].some(({ required }) => required));
  }

  /**
   * An object with no field set: scalars read as their defaults, repeated fields as an empty frozen
   * array, both through the prototype, so that own properties are the fields that are set.
   */
  create(): Record<string, unknown> {
    this.prototype ??= makePrototype(this.fields.values());
    return Object.create(this.prototype) as Record<string, unknown>;
  }
}

/** The messages of one package. */
export class Schema {
  private readonly messages = new Map<string, MessageType>();
  private readonly enums = new Map<string, EnumType>();

  constructor(
    private readonly root: protobuf.Root,
    private readonly packageName: string,
  ) {}

  /**
   * A message by its name in the package, e.g. `LayerParameter`.
   * @throws Error where the schema has no such message.
   */
  message(name: string): MessageType {
    let type = this.messages.get(name);
    if (type === undefined) {
      const path = this.packageName === '' ? name : `${this.packageName}.${name}`;
      type = new MessageType(this, this.root.lookupType(path), name);
      this.messages.set(name, type);
    }
    return type;
  }

  /**
   * An enum by its name in the package, e.g. `PoolingParameter.PoolMethod`.
   * @throws Error where the schema has no such enum.
   */
  enum(name: string): EnumType {
    let type = this.enums.get(name);
    if (type === undefined) {
      const path = this.packageName === '' ? name : `${this.packageName}.${name}`;
      type = new EnumType(name, this.root.lookupEnum(path).values);
      this.enums.set(name, type);
    }
    return type;
  }

  /** What this schema knows of a field of protobufjs. */
  fieldType(field: protobuf.Field): FieldType {
    const { name, id, repeated, required, packed, resolvedType } = field;
    let type: FieldType['type'] = field.type as ScalarType;
    if (resolvedType instanceof protobuf.Enum) type = this.enum(this.localName(resolvedType));
    else if (resolvedType !== null) type = this.message(this.localName(resolvedType));
    const defaultValue = repeated ? undefined : findDefault(type, field.typeDefault);
    const namesDefault = field.options?.default !== undefined;
    return { name, id, type, repeated, required, packed, defaultValue, namesDefault };
  }

  private localName(object: protobuf.ReflectionObject): string {
    const prefix = this.packageName === '' ? '.' : `.${this.packageName}.`;
    return object.fullName.slice(prefix.length);
  }
}

/**
 * Reads a schema in the language of `.proto` files (no imports).
 *
 * @param addition further messages of the same package; the fields of one called `<Name>OfForks`
 * become fields of `<Name>`
 * @throws Error where a text is not a valid schema.
 */
export function loadSchema(protoText: string, addition = ''): Schema {
  const parsed = protobuf.parse(protoText, { keepCase: true });
  if (addition !== '') {
    protobuf.parse(addition, parsed.root, { keepCase: true });
    mergeAdditions(parsed.root.lookup(parsed.package ?? '') as protobuf.Namespace);
  }
  parsed.root.resolveAll();
  return new Schema(parsed.root, parsed.package ?? '');
}

function mergeAdditions(scope: protobuf.Namespace): void {
  const suffix = 'OfForks';
  for (const extra of scope.nestedArray) {
    if (!(extra instanceof protobuf.Type) || !extra.name.endsWith(suffix)) continue;
    const target = scope.lookupType(extra.name.slice(0, -suffix.length));
    for (const field of [...extra.fieldsArray]) {
      extra.remove(field);
      target.add(field);
    }
    scope.remove(extra);
  }
}

function findDefault(type: FieldType['type'], value: unknown): FieldValue | undefined {
  if (type instanceof MessageType) return undefined;
  if (type instanceof EnumType) {
    const first = type.numbers.keys().next().value;
    return typeof value === 'number' ? (type.names.get(value) ?? first) : first;
  }
  if (type === 'bytes') return new Uint8Array();
  if (type === 'string') return typeof value === 'string' ? value : '';
  if (type === 'bool') return value === true;
  // Caffe holds a float default in 32 bits, as it holds one that a file gives.
  return type === 'float' ? Math.fround(Number(value)) : Number(value);
}

const emptyList: readonly never[] = Object.freeze([]);

function makePrototype(fields: Iterable<FieldType>): object {
  const prototype: Record<string, unknown> = {};
  for (const { name, repeated, defaultValue } of fields) {
    prototype[name] = repeated ? emptyList : defaultValue;
  }
  return prototype;
}
