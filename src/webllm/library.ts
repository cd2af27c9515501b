// The library itself, 6 MB: imported with import() alone, so that it is in no first bundle.
export { MLCEngine } from '@mlc-ai/web-llm'
