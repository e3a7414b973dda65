/**
 * A lucide drawing. `drawing` is the inner SVG from `virtual:icons?…`: markup of ours from the build, never from outside.
 * Always beside a word, so it is hidden from the screen reader.
 */
export function Icon({ drawing, size }: { drawing: string; size?: number }) {
  return (
    <svg
      class="i"
      viewBox="0 0 24 24"
      aria-hidden="true"
      {...(size ? { style: { width: size, height: size } } : {})}
      dangerouslySetInnerHTML={{ __html: drawing }}
    />
  );
}
