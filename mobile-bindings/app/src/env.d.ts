/// <reference types="vite/client" />

/** The version in package.json. */
declare const __APP_VERSION__: string
/** Whether the stand-in of tests/fake is in the core's place. */
declare const __FAKE__: boolean
