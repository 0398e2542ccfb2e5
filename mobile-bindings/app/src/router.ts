// First, so that it hears of a step back before the router does.
import './components/sheet/back'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

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

const routes: RouteRecordRaw[] = [
  { path: '/', redirect: { name: 'today' } },
  { path: '/today', name: 'today', component: () => import('./pages/today/TodayPage.vue'), meta: { tab: 'today' } },
  { path: '/shops', name: 'shops', component: () => import('./pages/shops/ShopsPage.vue'), meta: { tab: 'shops' } },
  { path: '/shop/:id', name: 'dossier', component: () => import('./pages/dossier/DossierPage.vue'), props: true },
  // Any other record of a shop, ?shop= where it stands; and who changed what.
  { path: '/record/:record', name: 'record', component: () => import('./pages/dossier/RecordPage.vue'), props: true },
  { path: '/history/:record', name: 'history', component: () => import('./pages/dossier/HistoryPage.vue'), props: true },
  // A new record of a kind (?with=shop or ?grid=), or one that is edited; ?draft=name goes on with a draft.
  { path: '/form/:kind/:record?', name: 'form', component: () => import('./pages/form/FormPage.vue'), props: true },
  { path: '/finding', name: 'finding', component: () => import('./pages/finding/FindingPage.vue') },
  { path: '/findings', name: 'findings', component: () => import('./pages/finding/FindingsPage.vue') },
  { path: '/tasks', name: 'tasks', component: () => import('./pages/tasks/TasksPage.vue'), meta: { tab: 'tasks' } },
  // One task (抽查 核查 补采) on a page of its own.
  { path: '/task/:id', name: 'task', component: () => import('./pages/tasks/TaskPage.vue'), props: true },
  { path: '/starting', name: 'starting', component: () => import('./pages/unlock/StartingPage.vue'), meta: { gate: true } },
  { path: '/open-in-browser', name: 'open-in-browser', component: () => import('./pages/open-in-browser/OpenInBrowserPage.vue'), meta: { gate: true } },
  { path: '/install', name: 'install', component: () => import('./pages/install/InstallPage.vue'), meta: { gate: true } },
  { path: '/setup', name: 'setup', component: () => import('./pages/setup/SetupPage.vue'), meta: { gate: true } },
  { path: '/unlock', name: 'unlock', component: () => import('./pages/unlock/UnlockPage.vue'), meta: { gate: true } },
  { path: '/recovery', name: 'recovery', component: () => import('./pages/unlock/RecoveryPage.vue'), meta: { gate: true, beside: ['unlock'] } },
  { path: '/renew', name: 'renew', component: () => import('./pages/unlock/RenewPage.vue'), meta: { gate: true } },
  { path: '/wiped', name: 'wiped', component: () => import('./pages/unlock/WipedPage.vue'), meta: { gate: true } },
  { path: '/elsewhere', name: 'elsewhere', component: () => import('./pages/unlock/StoppedPage.vue'), props: { why: 'elsewhere' }, meta: { gate: true } },
  { path: '/evicted', name: 'evicted', component: () => import('./pages/unlock/StoppedPage.vue'), props: { why: 'evicted' }, meta: { gate: true } },
  { path: '/broken', name: 'broken', component: () => import('./pages/unlock/StoppedPage.vue'), props: { why: 'broken' }, meta: { gate: true } },
  { path: '/me', name: 'me', component: () => import('./pages/me/MePage.vue'), meta: { tab: 'me' } },
  { path: '/me/figures', name: 'figures', component: () => import('./pages/me/FiguresPage.vue') },
  { path: '/me/grids', name: 'grids', component: () => import('./pages/me/GridsPage.vue') },
  { path: '/me/duty', name: 'duty', component: () => import('./pages/sync/DutyPage.vue') },
  { path: '/settings', name: 'settings', component: () => import('./pages/settings/SettingsPage.vue') },
  { path: '/settings/secret', name: 'secret', component: () => import('./pages/settings/SecretPage.vue') },
  { path: '/settings/pin', name: 'pin', component: () => import('./pages/settings/PinPage.vue') },
  { path: '/identity', name: 'identity', component: () => import('./pages/identity-card/IdentityCardPage.vue') },
  { path: '/notice', name: 'notice', component: () => import('./pages/notice-card/NoticeCardPage.vue') },
  { path: '/sync', name: 'sync', component: () => import('./pages/sync/SyncPage.vue') },
]

export const router = createRouter({
  history: createWebHashHistory('/app/'),
  routes,
  // A step back that closed a sheet leaves the page where it was.
  scrollBehavior: (to, from, saved) => (to.fullPath === from.fullPath ? false : (saved ?? { top: 0 })),
})
