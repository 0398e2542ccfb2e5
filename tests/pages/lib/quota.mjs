/** A browser with less processor than there is: all its processes together under one quota of the kernel. */
import { mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Short, so that little is saved up and nothing waits long for its turn, µs. */
const PERIOD = 20_000

/** Processes whose command line names `folder`, and everything that they started. */
export function family(folder) {
  const parents = new Map()
  const found = new Set()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      parents.set(pid, readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[1])
      if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)) found.add(pid)
    } catch {
      // It ended meanwhile.
    }
  }
  for (let before = 0; before !== found.size;) {
    before = found.size
    for (const [pid, parent] of parents) if (found.has(parent)) found.add(pid)
  }
  found.delete(String(process.pid))
  return [...found]
}

/** Their memory, pages that several share counted in parts, bytes. */
export function memory(folder) {
  let sum = 0
  for (const pid of family(folder)) {
    try {
      sum += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) * 1024
    } catch {
      // It ended meanwhile.
    }
  }
  return sum
}

/** A group of the kernel with `share` of one core, which `set` changes; null where none may be made here. */
export function quota(share) {
  const name = `gridbook-${process.pid}`
  const us = (share) => Math.max(1000, Math.round(PERIOD * share))
  // What it may have it gets at once, whatever else the machine does.
  const ways = [
    ['/sys/fs/cgroup/cpu', { 'cpu.cfs_period_us': PERIOD, 'cpu.cfs_quota_us': us(share), 'cpu.shares': 100_000 }],
    ['/sys/fs/cgroup', { 'cpu.max': `${us(share)} ${PERIOD}`, 'cpu.weight': 10_000 }],
  ]
  for (const [root, settings] of ways) {
    const folder = join(root, name)
    try {
      mkdirSync(folder)
    } catch {
      continue
    }
    try {
      for (const [file, value] of Object.entries(settings)) writeFileSync(join(folder, file), String(value), { flag: 'r+' })
      return {
        set(share) {
          const [file, value] = root.endsWith('cpu') ? ['cpu.cfs_quota_us', us(share)] : ['cpu.max', `${us(share)} ${PERIOD}`]
          writeFileSync(join(folder, file), String(value), { flag: 'r+' })
        },
        take(pids) {
          for (const pid of pids) {
            try {
              writeFileSync(join(folder, 'cgroup.procs'), pid)
            } catch (error) {
              // It ended meanwhile.
              if (error.code !== 'ESRCH') throw error
            }
          }
        },
        end() { rmdirSync(folder) },
      }
    } catch {
      rmdirSync(folder)
    }
  }
  return null
}
