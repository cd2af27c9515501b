// A chart as a file: what stands on the page, with its colours written out, so that it looks the same elsewhere.

const svgSpace = 'http://www.w3.org/2000/svg'
/** What the style sheet and the theme decide. */
const styled = ['fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-opacity', 'stroke-dasharray', 'stroke-linecap', 'font-size', 'font-family', 'font-weight', 'text-anchor'] as const
/** Beside the plot, px. */
const margin = 12
const lineHeight = 18

/** Copies an element of a picture with its looks as attributes. */
function copied(source: Element): Element {
  const copy = source.cloneNode(false)
  if (!(copy instanceof Element)) throw new Error('A picture holds elements alone.')
  const looks = getComputedStyle(source)
  for (const name of styled) {
    const value = looks.getPropertyValue(name)
    if (value !== '') copy.setAttribute(name, value)
  }
  copy.removeAttribute('class')
  copy.removeAttribute('style')
  for (const child of source.childNodes) copy.append(child instanceof Element ? copied(child) : child.cloneNode(true))
  return copy
}

interface Piece {
  element: Element
  x: number
  y: number
}

function text(words: string, look: CSSStyleDeclaration, x: number, y: number): Piece {
  const element = document.createElementNS(svgSpace, 'text')
  element.textContent = words
  element.setAttribute('fill', look.color)
  element.setAttribute('font-size', look.fontSize)
  element.setAttribute('font-weight', look.fontWeight)
  element.setAttribute('font-family', look.fontFamily)
  element.setAttribute('dominant-baseline', 'hanging')
  return { element, x, y }
}

interface Picture {
  svg: SVGSVGElement
  width: number
  height: number
}

/** The figure's title, every plot in it where it stands, and what names its lines. */
function pictureOf(figure: HTMLElement): Picture {
  const plots = [...figure.querySelectorAll<SVGSVGElement>('svg.recharts-surface')]
  if (plots.length === 0) throw new Error('Its lines are not on the screen: show them first.')
  const outer = figure.getBoundingClientRect()
  const pieces: Piece[] = []
  for (const title of figure.querySelectorAll<HTMLElement>('h4')) pieces.push(text(title.textContent.trim(), getComputedStyle(title), margin, margin))
  for (const value of figure.querySelectorAll<HTMLElement>('.chart-values > .quiet, .chart-values > li > .quiet')) {
    const box = value.getBoundingClientRect()
    pieces.push(text(value.textContent.trim(), getComputedStyle(value), box.left - outer.left, box.top - outer.top + lineHeight / 4))
  }
  for (const sample of [...figure.querySelectorAll<SVGSVGElement>('svg.chart-sample'), ...plots]) {
    const box = sample.getBoundingClientRect()
    pieces.push({ element: copied(sample), x: box.left - outer.left, y: box.top - outer.top })
  }
  const [width, height] = [Math.ceil(outer.width), Math.ceil(outer.height + margin)]
  const svg = document.createElementNS(svgSpace, 'svg')
  svg.setAttribute('xmlns', svgSpace)
  svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
  svg.setAttribute('width', String(width))
  svg.setAttribute('height', String(height))
  const paper = document.createElementNS(svgSpace, 'rect')
  paper.setAttribute('width', '100%')
  paper.setAttribute('height', '100%')
  paper.setAttribute('fill', getComputedStyle(figure).backgroundColor)
  svg.append(paper)
  for (const { element, x, y } of pieces) {
    element.setAttribute('x', String(Math.round(x)))
    element.setAttribute('y', String(Math.round(y)))
    svg.append(element)
  }
  return { svg, width, height }
}

/** @throws Error when its lines are not drawn */
export function chartSvg(figure: HTMLElement): string {
  return new XMLSerializer().serializeToString(pictureOf(figure).svg)
}

/** Twice as many points as on the page. @throws Error when its lines are not drawn, or the browser cannot draw it */
export async function chartPng(figure: HTMLElement): Promise<Blob> {
  const { svg, width, height } = pictureOf(figure)
  const image = new Image(2 * width, 2 * height)
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`
  await image.decode()
  const canvas = document.createElement('canvas')
  canvas.width = image.width
  canvas.height = image.height
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob)
      else reject(new Error('The browser made no picture of it.'))
    }, 'image/png')
  })
}
