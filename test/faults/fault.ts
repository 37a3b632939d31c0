/** One mistake that a hand could make in src/, and the test that has to see it. */
export interface Fault {
  /** What is wrong with it, as a sentence. */
  readonly what: string;
  /** The file of src/ it is planted in. */
  readonly file: string;
  /** Text that is in the file once, and what takes its place. */
  readonly from: string;
  readonly to: string;
  /** The test file that turns red. */
  readonly test: string;
}
