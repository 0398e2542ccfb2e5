import 'vant/lib/index.css'
import './theme/tokens.css'
import './theme/base.css'
import './theme/vant.css'
import { createApp } from 'vue'
import App from './App.vue'
import { i18n } from './i18n'
import { followKeyboard } from './components/keyboard'
import { router } from './router'
import { components } from './ui/vant'

const app = createApp(App).use(i18n).use(router)
for (const component of components) app.use(component)
app.mount('#app')
followKeyboard()
