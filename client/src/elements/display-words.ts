/** A preset as people say it: "1280x720, 60 Hz". */
export function displayWords(preset: string): string {
  return preset.replace('@', ', ').concat(' Hz');
}
