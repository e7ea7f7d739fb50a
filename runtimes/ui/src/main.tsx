import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import './styles/index.css';

const root = document.getElementById('root');
if (root === null) throw new Error('Cannot show the page: index.html holds no element "root", one is needed');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
