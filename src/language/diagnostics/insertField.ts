import { PrototxtEdit } from '../../prototxt/edit';
import type { TextEdit } from '../../prototxt/textEdit';
import type { MessageNode } from '../../prototxt/tree';
import type { Analysis } from '../analysis';

/** Edits that set a scalar field of a message; none where the message is not closed. */
export function insertField(
  { source, root }: Analysis,
  message: MessageNode,
  name: string,
  value: string,
): TextEdit[] {
  if (message.open !== undefined && message.close === undefined) return [];
  return new PrototxtEdit(source, root).setScalar(message, name, value).toTextEdits();
}
