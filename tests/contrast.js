// Every visible piece of text with its size, its contrast to what is painted beneath it and the
// contrast it needs (WCAG 2, success criterion 1.4.3), in figures as well.
() => {
  const pixel = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgba = (colour) => {
    if (!known.has(colour)) {
      pixel.clearRect(0, 0, 1, 1);
      pixel.fillStyle = colour;
      pixel.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = pixel.getImageData(0, 0, 1, 1).data;
      known.set(colour, [r, g, b, a / 255]);
    }
    return known.get(colour);
  };
  const over = ([r, g, b, a], below) => [r, g, b].map((c, i) => c * a + below[i] * (1 - a));
  const luminance = (colour) => {
    const [r, g, b] = colour.map((c) => c / 255)
      .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const once = (of) => {
    const answers = new Map();
    return (element) => {
      if (!answers.has(element)) answers.set(element, of(element));
      return answers.get(element);
    };
  };
  const opacity = once((element) =>
    element ? getComputedStyle(element).opacity * opacity(element.parentElement) : 1,
  );
  const paint = once((element) => {
    const style = getComputedStyle(element);
    if (style.fill === "none") return [0, 0, 0, 0];
    const [r, g, b, a] = rgba(style.fill);
    return [r, g, b, a * style.fillOpacity * opacity(element)];
  });
  const ground = once((element) =>
    element
      ? over(rgba(getComputedStyle(element).backgroundColor), ground(element.parentElement))
      : [255, 255, 255],
  );

  // What lies under a point of a figure: the page, and the shapes painted before the text.
  const beneath = (shapes, page, x, y) =>
    shapes
      .filter(({ shape, inverse }) => shape.isPointInFill(new DOMPoint(x, y).matrixTransform(inverse)))
      .reduce((below, { shape }) => over(paint(shape), below), page);
  const filled = once((svg) =>
    [...svg.querySelectorAll("path, rect, circle, ellipse, polygon")]
      .filter((shape) => !shape.closest("defs, clipPath, marker, symbol") && paint(shape)[3] > 0)
      .map((shape) => ({ shape, inverse: shape.getScreenCTM().inverse() })),
  );
  const grounds = (text, box) => {
    const svg = text.closest("svg");
    if (!svg) return [ground(text)];
    const shapes = filled(svg)
      .filter(({ shape }) => shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING);
    const wide = box.width >= box.height;
    return [0.03, 0.25, 0.5, 0.75, 0.97].map((part) =>
      beneath(
        shapes,
        ground(svg),
        box.left + box.width * (wide ? part : 0.5),
        box.top + box.height * (wide ? 0.5 : part),
      ),
    );
  };

  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.parentElement;
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    const box = range.getBoundingClientRect();
    if (!walker.currentNode.data.trim() || !box.width) continue;
    if (!text.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(text);
    const matrix = text.closest("svg") && text.getScreenCTM();
    const size = parseFloat(style.fontSize) * (matrix ? Math.hypot(matrix.a, matrix.b) : 1);
    const [r, g, b, a] = matrix ? paint(text) : rgba(style.color);
    const ink = [r, g, b, matrix ? a : a * opacity(text)];
    const ratios = grounds(text, box).map((below) => contrast(over(ink, below), below));
    found.push({
      text: walker.currentNode.data.trim(),
      figure: text.closest("figure") && matrix ? text.closest("figure").id : null,
      size,
      ratio: Math.min(...ratios),
      needed: size >= 24 || (size >= 18.66 && style.fontWeight >= 700) ? 3 : 4.5,
    });
  }
  return found;
}
