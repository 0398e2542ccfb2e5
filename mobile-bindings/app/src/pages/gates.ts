/** Pages that stand before the app, but the two that every start shows. */
export { default as InstallPage } from './install/InstallPage.vue'
export { default as OpenInBrowserPage } from './open-in-browser/OpenInBrowserPage.vue'
export { default as SetupPage } from './setup/SetupPage.vue'
export { default as RecoveryPage } from './unlock/RecoveryPage.vue'
export { default as RenewPage } from './unlock/RenewPage.vue'
export { default as StoppedPage } from './unlock/StoppedPage.vue'
export { default as WipedPage } from './unlock/WipedPage.vue'
