/** A rectangle on the page, CSS pixels. */
export interface PageRect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Where the picture is inside an element that shows it with `object-fit: contain`: as large as fits, centred, bars
 * on two sides. Null while the picture or the element has no size.
 */
export function pictureRect(
  element: PageRect,
  picture: { width: number; height: number },
): PageRect | null {
  if (element.width <= 0 || element.height <= 0) return null;
  if (picture.width <= 0 || picture.height <= 0) return null;
  const scale = Math.min(element.width / picture.width, element.height / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  return {
    left: element.left + (element.width - width) / 2,
    top: element.top + (element.height - height) / 2,
    width,
    height,
  };
}
