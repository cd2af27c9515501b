import { describe, expect, it } from 'vitest'
import { labelsOf, logTicks, niceTicks, tickLabels, valueWords, xLabel, xTicks, yAxisOf } from './axis.ts'

describe('niceTicks', () => {
  it('are round, and hold the data', () => {
    expect(niceTicks(0, 1)).toEqual([0, 0.5, 1])
    expect(niceTicks(-0.13, 0.42)).toEqual([-0.2, 0, 0.2, 0.4, 0.6])
    expect(niceTicks(0, 0.00165)).toEqual([0, 0.0005, 0.001, 0.0015, 0.002])
    expect(niceTicks(412, 1003)).toEqual([400, 600, 800, 1000, 1200])
  })
  it('stand around a value that does not vary', () => {
    expect(niceTicks(3, 3)).toEqual([1, 2, 3, 4, 5])
    expect(niceTicks(0, 0)).toEqual([0, 0.5, 1])
  })
})

describe('yAxisOf', () => {
  it('lets a share run to 100 %, and gives way to what goes beyond', () => {
    expect(labelsOf(yAxisOf([0.31, 0.4], [0, 1], false), 'share')).toEqual(['0 %', '50 %', '100 %'])
    expect(yAxisOf([0.3, 1.2], [0, 1], false).ticks.at(-1)).toBeGreaterThanOrEqual(1.2)
    // A whisker of a count that lies below nothing.
    expect(yAxisOf([-0.1, 0.004], [0, null], false).ticks).toEqual([0, 0.001, 0.002, 0.003, 0.004])
  })
  it('is logarithmic where there is something above zero', () => {
    expect(yAxisOf([0, 0.004, 2], [0, null], true)).toEqual({ ticks: [0.001, 0.01, 0.1, 1, 10], log: true })
    expect(yAxisOf([0, -1], [null, null], true).log).toBe(false)
    expect(logTicks(2, 7)).toEqual([1, 2, 5, 10])
    expect(logTicks(1e-12, 1)).toHaveLength(7)
  })
  it('stands where nothing was measured', () => {
    expect(yAxisOf([], [0, null], false).ticks).toEqual([0, 0.5, 1])
  })
})

describe('tickLabels', () => {
  it('write all of an axis in one notation', () => {
    expect(tickLabels([0, 0.0005, 0.001, 0.0015, 0.002], 'number')).toEqual(['0', '0.5e−3', '1.0e−3', '1.5e−3', '2.0e−3'])
    expect(tickLabels([0, 0.05, 0.1], 'number')).toEqual(['0.00', '0.05', '0.10'])
    expect(tickLabels([-0.5, 0, 0.5], 'signed')).toEqual(['−0.5', '0.0', '+0.5'])
    expect(tickLabels([0, 0.005, 0.01], 'share')).toEqual(['0.0 %', '0.5 %', '1.0 %'])
    expect(tickLabels([0, 20, 40], 'seconds')).toEqual(['0 s', '20 s', '40 s'])
    expect(labelsOf({ ticks: [0.0001, 0.001, 0.01], log: true }, 'number')).toEqual(['1e−4', '1e−3', '1e−2'])
  })
})

describe('valueWords', () => {
  it('have few digits and their unit', () => {
    expect([0.52, 0.043, 1].map((value) => valueWords(value, 'share'))).toEqual(['52 %', '4.3 %', '100 %'])
    expect([0.744, -0.5, 0.001].map((value) => valueWords(value, 'signed'))).toEqual(['+0.74', '−0.50', '0.00'])
    expect([0, 0.00012, 12.34, -2].map((value) => valueWords(value, 'number'))).toEqual(['0', '1.2e−4', '12.3', '−2'])
    expect(valueWords(8.25, 'seconds')).toBe('8.25 s')
  })
})

describe('the x axis', () => {
  it('has whole steps, or round times', () => {
    expect(xTicks(0, 46, 'step')).toEqual([0, 10, 20, 30, 40])
    expect(xTicks(1, 3, 'step')).toEqual([1, 2, 3])
    expect(xTicks(0, 560, 'time')).toEqual([0, 120, 240, 360, 480])
    expect([90, 3905].map((value) => xLabel(value, 'time'))).toEqual(['1:30', '1:05:05'])
    expect(xLabel(12, 'step')).toBe('12')
  })
})
