/** Where no WebAssembly is. */
export default ''
