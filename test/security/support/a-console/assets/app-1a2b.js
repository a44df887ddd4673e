Reflect.get(globalThis, 'document').title = 'It runs';
