// First, so that it hears of a step back before the router does.
import './components/sheet/back'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
// What a start shows comes with the app's first file; every file more costs a slow phone time.
import ShopsPage from './pages/shops/ShopsPage.vue'
import TodayPage from './pages/today/TodayPage.vue'
import StartingPage from './pages/unlock/StartingPage.vue'
import UnlockPage from './pages/unlock/UnlockPage.vue'

declare module 'vue-router' {
  interface RouteMeta {
    /** Which tab is lit; without one the tab bar does not show. */
    tab?: 'today' | 'shops' | 'tasks' | 'me'
    /** Stands before the app; see gate.ts. */
    gate?: boolean
    /** May be opened from these gates. */
    beside?: string[]
  }
}

/** Pages in one file, read when the first of them is opened. */
const gates = (page: keyof typeof import('./pages/gates')) => () => import('./pages/gates').then((pages) => pages[page])
const round = (page: keyof typeof import('./pages/round')) => () => import('./pages/round').then((pages) => pages[page])

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: { name: 'today' } },
  { path: '/today', name: 'today', component: TodayPage, meta: { tab: 'today' } },
  { path: '/shops', name: 'shops', component: ShopsPage, meta: { tab: 'shops' } },
  { path: '/shop/:id', name: 'dossier', component: round('DossierPage'), props: true },
  // Any other record of a shop, ?shop= where it stands; and who changed what.
  { path: '/record/:record', name: 'record', component: round('RecordPage'), props: true },
  { path: '/history/:record', name: 'history', component: round('HistoryPage'), props: true },
  // A new record of a kind (?with=shop or ?grid=), or one that is edited; ?draft=name goes on with a draft.
  { path: '/form/:kind/:record?', name: 'form', component: round('FormPage'), props: true },
  { path: '/finding', name: 'finding', component: round('FindingPage') },
  { path: '/findings', name: 'findings', component: round('FindingsPage') },
  { path: '/tasks', name: 'tasks', component: round('TasksPage'), meta: { tab: 'tasks' } },
  // One task (抽查 核查 补采) on a page of its own.
  { path: '/task/:id', name: 'task', component: round('TaskPage'), props: true },
  { path: '/starting', name: 'starting', component: StartingPage, meta: { gate: true } },
  { path: '/open-in-browser', name: 'open-in-browser', component: gates('OpenInBrowserPage'), meta: { gate: true } },
  { path: '/install', name: 'install', component: gates('InstallPage'), meta: { gate: true } },
  { path: '/setup', name: 'setup', component: gates('SetupPage'), meta: { gate: true } },
  { path: '/unlock', name: 'unlock', component: UnlockPage, meta: { gate: true } },
  { path: '/recovery', name: 'recovery', component: gates('RecoveryPage'), meta: { gate: true, beside: ['unlock'] } },
  { path: '/renew', name: 'renew', component: gates('RenewPage'), meta: { gate: true } },
  { path: '/wiped', name: 'wiped', component: gates('WipedPage'), meta: { gate: true } },
  { path: '/elsewhere', name: 'elsewhere', component: gates('StoppedPage'), props: { why: 'elsewhere' }, meta: { gate: true } },
  { path: '/evicted', name: 'evicted', component: gates('StoppedPage'), props: { why: 'evicted' }, meta: { gate: true } },
  { path: '/broken', name: 'broken', component: gates('StoppedPage'), props: { why: 'broken' }, meta: { gate: true } },
  { path: '/me', name: 'me', component: round('MePage'), meta: { tab: 'me' } },
  { path: '/me/figures', name: 'figures', component: round('FiguresPage') },
  { path: '/me/grids', name: 'grids', component: round('GridsPage') },
  { path: '/me/duty', name: 'duty', component: round('DutyPage') },
  { path: '/settings', name: 'settings', component: round('SettingsPage') },
  { path: '/settings/secret', name: 'secret', component: round('SecretPage') },
  { path: '/settings/pin', name: 'pin', component: round('PinPage') },
  { path: '/identity', name: 'identity', component: round('IdentityCardPage') },
  { path: '/notice', name: 'notice', component: round('NoticeCardPage') },
  { path: '/sync', name: 'sync', component: round('SyncPage') },
]

export const router = createRouter({
  history: createWebHashHistory('/app/'),
  routes,
  // A step back that closed a sheet leaves the page where it was.
  scrollBehavior: (to, from, saved) => (to.fullPath === from.fullPath ? false : (saved ?? { top: 0 })),
})
