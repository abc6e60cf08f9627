/** Schema files are bundled as text, so that nothing is looked up on disk at run time. */
declare module '*.proto' {
  const text: string;
  export default text;
}
