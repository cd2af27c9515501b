// Runs scripts of package.json on two cores: `side-by-side.mjs a,b c` runs a and then b, beside c. What each wrote comes when
// it has ended, so that nothing is mixed; a script that fails ends its lane, and the status is 1 when all lanes have ended.
import { spawn } from 'node:child_process'
import { argv, exit, stdout } from 'node:process'

/** Whether it passed. @param {string} script */
function run(script) {
  return new Promise((resolve) => {
    const began = performance.now()
    const wrote = []
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => wrote.push(piece))
    child.on('error', (error) => wrote.push(Buffer.from(`${error.message}\n`)))
    child.on('close', (status) => {
      stdout.write(Buffer.concat(wrote))
      stdout.write(`npm run ${script}: ${status === 0 ? 'passed' : 'failed'} after ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
      resolve(status === 0)
    })
  })
}

/** @param {string} lane names of scripts, with commas between them */
async function inTurn(lane) {
  for (const script of lane.split(',')) if (!(await run(script))) return false
  return true
}

const passed = await Promise.all(argv.slice(2).map(inTurn))
exit(passed.every(Boolean) ? 0 : 1)
