/** Every command the manifest declares. */
export const commandIds = {
  quantize: 'ristretto.quantize',
  quantizeAgain: 'ristretto.quantizeAgain',
  score: 'ristretto.score',
  convert: 'ristretto.convert',
  showResults: 'ristretto.showResults',
  showRun: 'ristretto.showRun',
  showRuns: 'ristretto.showRuns',
  compareRuns: 'ristretto.compareRuns',
  deleteRun: 'ristretto.deleteRun',
  cancelRun: 'ristretto.cancelRun',
  cancel: 'ristretto.cancel',
  openExample: 'ristretto.openExample',
  openWalkthrough: 'ristretto.openWalkthrough',
  installCuda: 'ristretto.installCuda',
  showLog: 'ristretto.showLog',
} as const;

export type CommandId = (typeof commandIds)[keyof typeof commandIds];
