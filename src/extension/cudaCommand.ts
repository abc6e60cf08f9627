import path from 'node:path';
import * as vscode from 'vscode';
import { UserError } from '../base/userError';
import { runtimePackageFolder } from '../runtime/provider';

/**
 * *Install the CUDA Provider*: runs ONNX Runtime's own installer in a terminal, where the user sees
 * what it downloads from its vendor.
 *
 * @throws UserError where there is no CUDA provider for this machine
 */
export async function installCuda(): Promise<void> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new UserError(
      'runtime/no-cuda',
      `ONNX Runtime for Node has a CUDA provider for Linux on x64 only, not for ${process.platform} ` +
        `${process.arch}`,
    );
  }
  const install = 'Download and Install';
  const picked = await vscode.window.showInformationMessage(
    'Running on CUDA needs an NVIDIA driver, the CUDA 13 and cuDNN 9 libraries on the library ' +
      'path, and the CUDA provider of ONNX Runtime, which its own installer downloads from its ' +
      'vendor (about 200 MB).',
    install,
  );
  if (picked !== install) return;
  const folder = runtimePackageFolder();
  const terminal = vscode.window.createTerminal({
    name: 'Install CUDA provider',
    cwd: folder,
    // VS Code's own executable is Electron: this makes it behave as Node.
    env: { ELECTRON_RUN_AS_NODE: '1' },
    shellPath: process.execPath,
    shellArgs: [path.join(folder, 'script', 'install.js'), '--onnxruntime-node-install'],
    message: 'ONNX Runtime’s installer for the CUDA provider',
  });
  terminal.show();
}
