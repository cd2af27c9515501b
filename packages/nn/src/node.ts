// What only Node can do: files on disk.
export { filesInFolder } from '../../../cli/model-folder.ts'
