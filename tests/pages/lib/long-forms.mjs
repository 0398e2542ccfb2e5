/**
 * Forms of the console in which much is typed or chosen, each as
 * - `login`: whose page it is on,
 * - `fill(screen)`: opens it and fills it in,
 * - `typed(screen)`: what it says then, in texts,
 * - `act` and `send(screen)`: the request that it becomes, and the press that sends it,
 * - `done(screen)`: until the page shows that it is done,
 * - `count()`: how many such acts the server has.
 */

/** The only grid whose outline the demo's people have not drawn. */
const UNDRAWN = '310112901004002'
const WHY = '电话里说的，逐条核实过'
const CORNERS = ['31.141000, 121.381000', '31.141000, 121.391000', '31.149000, 121.391000', '31.149000, 121.381000']
const CODE = '92310112MA1GBX000K'

const dialog = ({ page }, name) => page.getByRole('dialog', { name })
const reason = (screen, name) => dialog(screen, name).getByLabel('理由')
const pressIn = (screen, name, button = name) => dialog(screen, name).getByRole('button', { name: button }).click()

/** `desks`: clerks by what they are for. */
const intake = ({ centre }) => ({
  name: 'intake of a case', login: 'linkage-centre.head', act: '**/api/v1/cases',
  async fill(screen) {
    await screen.open('cases')
    await screen.page.getByRole('button', { name: '收案' }).click()
    await screen.pick(dialog(screen, '收案'), '小类', /占堵疏散通道/)
    await screen.pick(dialog(screen, '收案'), '网格', '第 1 网格')
    await reason(screen, '收案').fill(`${WHY}\n后门堆放纸箱\n来电人愿意等回音`)
  },
  typed: async (screen) => [await reason(screen, '收案').inputValue(), ...await dialog(screen, '收案').locator('.el-select__placeholder').allInnerTexts()],
  send: (screen) => pressIn(screen, '收案'),
  done: ({ page }) => page.locator('.el-timeline-item').getByText('收到 → 待立案').waitFor(),
  count: async () => (await centre.get('/cases?limit=1')).total,
})

const upload = ({ admin }) => ({
  name: 'upload of a schema', login: 'admin', act: '**/api/v1/schemas/versions',
  async fill(screen) {
    const { version } = (await admin.get('/schemas/versions')).rows.find((row) => row.in_force)
    const { files } = await admin.get(`/schemas/versions/${version}`)
    const { text } = files.find(({ name }) => name === 'schema.toml')
    const buffer = Buffer.from(text.replace(/^version = \d+/m, `version = ${version + 1}`))
    await screen.open('rules')
    await screen.page.getByRole('button', { name: '上传新版本' }).click()
    await dialog(screen, '上传新版本').locator('input[type=file]').setInputFiles({ name: 'schema.toml', mimeType: 'text/plain', buffer })
    await dialog(screen, '上传新版本').getByText(/^已选：/).waitFor()
    await pressIn(screen, '上传新版本', '检查')
    await pressIn(screen, '上传新版本', /^存为草案/)
    await reason(screen, /^存为草案/).fill(WHY)
  },
  typed: async (screen) => [await dialog(screen, '上传新版本').getByText(/^已选：/).innerText(), await reason(screen, /^存为草案/).inputValue()],
  send: (screen) => pressIn(screen, /^存为草案/),
  done: (screen) => dialog(screen, /^版本/).getByText('草案', { exact: true }).waitFor(),
  count: async () => (await admin.get('/schemas/versions')).rows.length,
})

const outline = ({ supervisor }) => ({
  name: 'an outline', login: 'supervisor', act: '**/outline',
  async fill(screen) {
    await screen.open(`people/grids?outline=${UNDRAWN}`)
    const next = screen.page.getByRole('textbox', { name: '下一个角点：纬度, 经度' })
    for (const corner of CORNERS) {
      await next.fill(corner)
      await screen.press('Enter')
    }
    await screen.page.getByText('4 个角点').waitFor()
    // One more that is only typed yet.
    await next.fill('31.145')
  },
  typed: ({ page }) => page.locator('.side input').evaluateAll((all) => all.map((each) => each.value)),
  send: ({ page }) => page.getByRole('button', { name: '保存边界' }).click(),
  done: ({ page }) => page.getByText('第 8 网格的边界已保存。').waitFor(),
  count: async () => Number(Boolean((await supervisor.get('/grids')).rows.find(({ grid }) => grid === UNDRAWN).outline)),
})

const merge = ({ supervisor }, pair) => ({
  name: 'a merge, field by field', login: 'supervisor', act: '**/merge',
  async fill(screen) {
    await screen.open('review/duplicates')
    await screen.page.locator('.el-table__row').filter({ hasText: '顺发百货' }).getByRole('button', { name: '逐项对比' }).click()
    for (const field of ['用气', '店招']) await dialog(screen, '逐项对比').getByRole('row').filter({ hasText: field }).getByRole('radio').last().check()
    await dialog(screen, '逐项对比').getByRole('textbox', { name: '理由' }).fill(WHY)
  },
  typed: async (screen) => [
    ...await dialog(screen, '逐项对比').locator('tbody input').evaluateAll((all) => all.map((each) => `${each.name} ${each.checked}`)),
    await dialog(screen, '逐项对比').getByRole('textbox', { name: '理由' }).inputValue(),
  ],
  send: (screen) => pressIn(screen, '逐项对比', '合并为一户'),
  done: (screen) => dialog(screen, '逐项对比').getByText('已合并').waitFor(),
  count: async () => (await Promise.all(pair.map(({ id }) => supervisor.get(`/records/${id}`)))).filter((one) => one.merged_into).length,
})

const sentBack = ({ population }) => ({
  name: 'a resident sent back from entry', login: 'population-office.clerk', act: '**/marks',
  async fill(screen) {
    await screen.open('entry')
    await screen.page.getByRole('textbox', { name: '这次录入的理由' }).fill(WHY)
    await screen.press('Enter')
    await screen.page.locator('.fields h2').waitFor()
    await screen.press('3')
    await reason(screen, '退回补采').fill('证件照不清，请补拍正反面')
  },
  typed: async (screen) => [await reason(screen, '退回补采').inputValue(), await screen.page.locator('.fields h2').innerText(), String(await screen.page.locator('.list li').count())],
  send: (screen) => pressIn(screen, '退回补采'),
  done: ({ page }) => page.locator('.marks').getByText('退回补采').waitFor(),
  count: async () => (await population.get('/items?state=back&limit=1')).total,
})

const judge = ({ supervisor }, _, batch) => ({
  name: 'a judgement of a spot check', login: 'supervisor', act: '**/judgement',
  async fill(screen) {
    await screen.open(`checks/${batch}/doors`)
    await screen.page.locator('.el-table__row').getByRole('button').first().click()
    await screen.page.getByRole('dialog').getByRole('button', { name: '判定', exact: true }).click()
    await dialog(screen, /^判定/).getByRole('radio', { name: '漏登' }).locator('xpath=ancestor::label').click()
    await reason(screen, /^判定/).fill(WHY)
  },
  typed: async (screen) => [await dialog(screen, /^判定/).getByRole('radio', { checked: true }).getAttribute('value'), await reason(screen, /^判定/).inputValue()],
  send: (screen) => dialog(screen, /^判定/).locator('button[type=submit]').click(),
  done: ({ page }) => page.getByText('判定：').waitFor(),
  async count() {
    const [{ door }] = (await supervisor.get(`/checks/${batch}/doors`)).rows
    return (await supervisor.get(`/checks/${batch}/doors/${door}`)).steps.length
  },
})

const list = ({ supervisor }) => ({
  name: 'import of a registration list', login: 'supervisor', act: '**/api/v1/registrations?*',
  async fill(screen) {
    await screen.open('registrations')
    await screen.page.getByRole('button', { name: '导入名单' }).click()
    const buffer = Buffer.from(`uscc,name,address\n${CODE},梧桐里新店,梧桐里路 8888 号\n`)
    await dialog(screen, '导入名单').locator('input[type=file]').setInputFiles({ name: '十月.csv', mimeType: 'text/csv', buffer })
    await dialog(screen, '导入名单').locator('#list-name').fill('市场监管十月名单')
    await screen.pick(dialog(screen, '导入名单'), '辖区', '第 2 网格')
  },
  typed: async (screen) => [await dialog(screen, '导入名单').locator('#list-name').inputValue(), ...await dialog(screen, '导入名单').getByText('十月.csv').allInnerTexts(), ...await dialog(screen, '导入名单').locator('.el-select__placeholder').allInnerTexts()],
  send: (screen) => pressIn(screen, '导入名单'),
  done: (screen) => dialog(screen, '导入名单').getByText(/市场监管十月名单/).waitFor(),
  count: async () => (await supervisor.get('/registrations')).rows.length,
})

/** `pair`: two shops that may be one; `batch`: a spot check with one door that was answered. */
export const longForms = (desks, pair, batch) => [intake, upload, outline, merge, sentBack, judge, list].map((form) => form(desks, pair, batch))
