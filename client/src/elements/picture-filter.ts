/** The image sliders, in percent; 100 leaves the picture alone. */
export interface ImageSettings {
  brightness: number;
  contrast: number;
  saturation: number;
}

export const NEUTRAL_IMAGE: ImageSettings = { brightness: 100, contrast: 100, saturation: 100 };

/** True when the picture is shown as it came. */
export function isNeutral(image: ImageSettings): boolean {
  return image.brightness === 100 && image.contrast === 100 && image.saturation === 100;
}

/** The CSS filter of the settings; empty when neutral, so that no filter layer is made at all. */
export function pictureFilter(image: ImageSettings): string {
  if (isNeutral(image)) return '';
  return `brightness(${image.brightness}%) contrast(${image.contrast}%) saturate(${image.saturation}%)`;
}
