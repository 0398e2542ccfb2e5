/** Of ECharts what the console's charts need. */
import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent } from 'echarts/components'
import { init, use, type EChartsType } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, LineChart, GridComponent, SVGRenderer])

export type Drawn = EChartsType

export function drawIn(box: HTMLElement): Drawn {
  return init(box, null, { renderer: 'svg' })
}
