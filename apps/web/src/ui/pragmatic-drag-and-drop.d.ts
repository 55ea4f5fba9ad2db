// The package names its entry points by folders, which Node's module resolution does not follow; bundlers do.
declare module '@atlaskit/pragmatic-drag-and-drop/element/adapter' {
  export * from '@atlaskit/pragmatic-drag-and-drop/dist/types/entry-point/element/adapter.js';
}
declare module '@atlaskit/pragmatic-drag-and-drop/combine' {
  export * from '@atlaskit/pragmatic-drag-and-drop/dist/types/entry-point/combine.js';
}
declare module '@atlaskit/pragmatic-drag-and-drop/element/set-custom-native-drag-preview' {
  export * from '@atlaskit/pragmatic-drag-and-drop/dist/types/entry-point/element/set-custom-native-drag-preview.js';
}
