// First, so that it hears of a step back before the router does.
import './components/sheet/back'
import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

declare module 'vue-router' {
  interface RouteMeta {
    /** Which tab is lit; without one the tab bar does not show. */
    tab?: 'today' | 'shops' | 'tasks' | 'me'
    /** Shown without an open book. */
    open?: boolean
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
  { path: '/me', name: 'me', component: () => import('./pages/me/MePage.vue'), meta: { tab: 'me' } },
  { path: '/sync', name: 'sync', component: () => import('./pages/sync/SyncPage.vue') },
]

export const router = createRouter({
  history: createWebHashHistory('/app/'),
  routes,
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})
