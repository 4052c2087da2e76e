/* [data-in-view]: in a strip that scrolls sideways on a phone, the place where one is stands in sight. */

export function enhance(place) {
  const strip = place.closest("nav");
  strip.scrollLeft += place.getBoundingClientRect().left - strip.getBoundingClientRect().left - 24;
}
